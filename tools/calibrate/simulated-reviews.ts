import { createRandom } from '../../src/base/random.ts';
import { calibrateCameras } from '../../src/review/calibrate-cameras.ts';
import type { ReviewedRead } from '../../src/store/reviewed-reads.ts';
import { formatTable } from '../evaluate/format-page.ts';

/**
 * `node tools/calibrate/simulated-reviews.ts`: what `alpr models calibrate` finds where the true temperature of a camera is known. People
 * decide on reads whose log-odds lie evenly between −1 and 5; each is right as often as its log-odds divided by the temperature say.
 */
const TEMPERATURES = [0.7, 1, 1.5, 2];
const REVIEWS = [50, 100, 300, 1000];
const TRIALS = 40;

const rows = TEMPERATURES.flatMap((temperature) => REVIEWS.map((count) => describe(temperature, count)));
process.stdout.write(
  `${formatTable(['true temperature', 'reviews', 'fitted', '±', 'calibration error before', 'after, left out', 'applied'], rows)}\n`,
);

function describe(temperature: number, count: number): readonly string[] {
  const found = Array.from({ length: TRIALS }, (_, trial) => {
    const reads = decide(count, temperature, trial * 1000 + count);
    return calibrateCameras(reads, () => ({ temperature: 1, since: undefined }));
  }).flat();
  const meanOf = (of: (one: (typeof found)[number]) => number) =>
    found.reduce((sum, one) => sum + of(one), 0) / found.length;
  const fitted = meanOf((one) => one.fitted);
  const spread = Math.sqrt(meanOf((one) => (one.fitted - fitted) ** 2));
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return [
    String(temperature),
    String(count),
    fitted.toFixed(2),
    spread.toFixed(2),
    percent(meanOf(({ before }) => before.ece)),
    percent(meanOf(({ after }) => after.ece)),
    percent(meanOf(({ isBetter }) => (isBetter ? 1 : 0))),
  ];
}

function decide(count: number, temperature: number, seed: number): readonly ReviewedRead[] {
  const { next, below } = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const logit = 6 * next() - 1;
    const right = next() < 1 / (1 + Math.exp(-logit / temperature));
    const id = `${index}-${below(16).toString(16)}`;
    return { id, site: 'home', camera: 'gate', at: new Date(index), confidence: 1 / (1 + Math.exp(-logit)), right };
  });
}

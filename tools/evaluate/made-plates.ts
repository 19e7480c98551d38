import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../src/app/config.ts';
import { openVision, type Vision } from '../../src/app/open-vision.ts';
import { encodeJpeg } from '../../src/base/jpeg.ts';
import { createLog } from '../../src/base/log.ts';
import { createRandom } from '../../src/base/random.ts';
import { dropUmlauts } from '../../src/contract/plate-text.ts';
import { measureIou } from '../../src/vision/geometry.ts';
import { hasUnread } from '../../src/vision/read/wholeness.ts';
import { formatTable } from './format-page.ts';
import { KINDS, type Made } from './made/kinds.ts';
import { readFonts } from './made/lettering.ts';
import { type Shown, showPlates } from './made/show-plates.ts';

const HELP = `node tools/evaluate/made-plates.ts [options]: what is read of kinds of pictures that photographs with texts hardly hold

  --count N      pictures of each kind (default 400)
  --kinds NAMES  only these, separated by commas
  --seed N       seed of the simulated road and of everything that is drawn (default 7)
  --pictures DIR writes the first twelve of each kind there, as JPEG
`;

const SURE = 0.9;
/** Each place on the simulated road serves for so many pictures of a kind. */
const USES = 8;
const SHOWN = 12;
/** Plates are about 150 pixels wide in it. */
const ROAD = { width: 1920, height: 1080, passages_per_minute: 60 };

/** What was said of the pictures of one kind. */
export type MadeScore = Readonly<{
  kind: string;
  n: number;
  /** Pictures whose text was read exactly, and once; the same but for the dots of umlauts. */
  exact: number;
  undotted: number;
  /** Other texts that were said, those at 0.9 or more, and pictures with one of these. */
  other: number;
  sure: number;
  wrong: number;
  /** Pictures of which something was said to be no whole plate. */
  doubted: number;
}>;

/** Makes pictures of a kind on places of the simulated road and reads them with the configured networks. */
export async function readMade(
  vision: Vision,
  places: readonly Shown[],
  { kind, count, seed, folder }: Readonly<{ kind: string; count: number; seed: number; folder?: string | undefined }>,
): Promise<MadeScore> {
  const make = KINDS[kind];
  if (!make) throw new RangeError(`Expected one of the kinds ${Object.keys(KINDS).join(', ')}, got ${kind}`);
  const random = createRandom(seed);
  const fonts = await readFonts();
  const score = { kind, n: 0, exact: 0, undotted: 0, other: 0, sure: 0, wrong: 0, doubted: 0 };
  for (; score.n < count; score.n += 1) {
    const shown = places[score.n % places.length];
    if (!shown) break;
    const made = await make({ random, shown, fonts });
    const { isExact, isUndotted, others, isDoubted } = await readOne(vision, made);
    score.exact += isExact ? 1 : 0;
    score.undotted += isUndotted ? 1 : 0;
    score.other += others.length;
    const sure = others.filter((confidence) => confidence >= SURE).length;
    score.sure += sure;
    score.wrong += sure > 0 ? 1 : 0;
    score.doubted += isDoubted ? 1 : 0;
    if (folder && score.n < SHOWN)
      await writeFile(join(folder, `${kind.replaceAll(' ', '-')}-${score.n}.jpg`), await encodeJpeg(made.image, 90));
  }
  return score;
}

async function readOne(vision: Vision, { image, truth, others, only }: Made) {
  const asked = (await vision.recognise(image)).filter(
    ({ detection: { box } }) =>
      !others.some((other) => measureIou(other, box) > 0.3) && (only === undefined || measureIou(only, box) > 0.1),
  );
  const wrong = asked.filter(({ reading }) => reading.text !== truth);
  return {
    isExact: truth !== '' && asked.length - wrong.length === 1,
    isUndotted:
      truth !== '' && asked.filter(({ reading }) => dropUmlauts(reading.text) === dropUmlauts(truth)).length === 1,
    others: wrong.map(({ reading }) => reading.confidence),
    isDoubted: asked.some(({ reading }) => reading.complete === false || hasUnread(reading)),
  };
}

/** One row for each kind. */
export function describeMade(scores: readonly MadeScore[]): string {
  const rows = scores.map(({ kind, n, ...counts }) => [
    kind,
    String(n),
    `${((100 * counts.exact) / n).toFixed(1)} %`,
    `${((100 * counts.undotted) / n).toFixed(1)} %`,
    `${((100 * counts.wrong) / n).toFixed(1)} %`,
    String(counts.other),
    String(counts.sure),
    String(counts.doubted),
  ]);
  return formatTable(
    [
      'rendered',
      'n',
      'exact',
      'dots aside',
      'wrong at ≥ 0.9',
      'other texts',
      'of these at ≥ 0.9',
      'said not to be whole',
    ],
    rows,
  );
}

if (import.meta.main) await main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '400' },
      kinds: { type: 'string', default: Object.keys(KINDS).join(',') },
      seed: { type: 'string', default: '7' },
      pictures: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [count, seed] = [Number(values.count), Number(values.seed)];
  const config = loadConfig({ environment: {}, settings: [] });
  await using vision = await openVision(config, createLog({ ...config.log, level: 'warn' }));
  const places = await showPlates(vision, { plates: Math.ceil(count / USES), seed, road: ROAD });
  const scores: MadeScore[] = [];
  for (const kind of values.kinds.split(',')) {
    scores.push(await readMade(vision, places, { kind, count, seed, folder: values.pictures }));
    process.stderr.write(`${JSON.stringify(scores.at(-1))}\n`);
  }
  process.stdout.write(`${describeMade(scores)}\n`);
}

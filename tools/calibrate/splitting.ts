import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../src/app/config.ts';
import { createRandom } from '../../src/base/random.ts';
import { findAlphabet } from '../../src/eval/replace-model.ts';
import { openWatchedVision } from '../../src/eval/watched-vision.ts';
import { measureEditDistance } from '../../src/vision/fuse/align.ts';
import { countContradictions, type Witness } from '../../src/vision/fuse/contradiction.ts';
import { PLAIN_CURVE } from '../../src/vision/read/confidence-curve.ts';
import { formatTable } from '../evaluate/format-page.ts';
import { loadHeldOut } from './collect.ts';
import { followLooks } from './simulate-passage.ts';

const HELP = `node tools/calibrate/splitting.ts [options]: what the rule that splits a track lets through

  --data FOLDER    where the sets lie (default ../shared/data)
  --times N        passages of each held-out plate (default 2, at least 2)

Every held-out plate of the training sets passes N times, by two to seven looks each. Two passages of one plate must not be told
apart; two of different plates must be, each with the other whose text is nearest and with another one at random.
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    times: { type: 'string', default: '2' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const LIMITS = [0, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995];
const KINDS = ['1', '2', '3 and more'];

type Passed = Readonly<{ truth: string; witness: Witness }>;
type Pair = Readonly<{ kind: string; confidence: number }>;

if (values.help) process.stdout.write(HELP);
else await measureSplitting();

async function measureSplitting(): Promise<void> {
  const config = loadConfig({ environment: {}, settings: [] });
  const plates = await loadHeldOut(resolve(values.data), await findAlphabet(config));
  await using vision = await openWatchedVision(config);
  const { reader } = vision;
  const random = createRandom(31);
  const passages: Passed[][] = [];
  for (const plate of plates) {
    const passed: Passed[] = [];
    for (let time = 0; time < Math.max(2, Number(values.times)); time += 1) {
      const passage = await followLooks({
        plate,
        reader,
        curve: PLAIN_CURVE,
        random,
        passageCurve: reader.passageCurve,
      });
      if (passage?.speaks) passed.push({ truth: plate.text, witness: passage.witness });
    }
    passages.push(passed);
  }
  const same = passages.flatMap((passed) => pairUp(passed).map(([a, b]) => toPair(a.witness, b.witness)));
  const first = passages.flatMap(([passed]) => passed ?? []);
  const near = first.flatMap((passed, index) => findNearest(passed, first.slice(index + 1)) ?? []);
  const chance = first.map((passed) => ({ passed, other: random.pick(first) }));
  const different = chance.filter(({ passed, other }) => passed.truth !== other.truth);
  const apart = different.map(({ passed, other }) => toPair(passed.witness, other.witness));
  process.stdout.write(`${first.length} plates\n\n${describe('one plate', same)}\n\n`);
  process.stdout.write(
    `${describe('two plates, nearest texts', near)}\n\n${describe('two plates, at random', apart)}\n`,
  );
}

function pairUp<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((a, index) => items.slice(index + 1).map((b): [T, T] => [a, b]));
}

function findNearest({ truth, witness }: Passed, others: readonly Passed[]): Pair | undefined {
  const unlike = others.filter((other) => other.truth !== truth);
  const ranked = unlike.map((other) => ({ other, distance: measureEditDistance(truth, other.truth) }));
  const best = ranked.toSorted((a, b) => a.distance - b.distance)[0];
  return best && toPair(witness, best.other.witness);
}

function toPair(a: Witness, b: Witness): Pair {
  const count = Math.min(countContradictions(a.text, b.text), KINDS.length);
  return { kind: KINDS[count - 1] ?? '0', confidence: Math.min(a.confidence, b.confidence) };
}

/** Pairs that a limit of confidence tells apart, by the characters in which their texts contradict each other. */
function describe(what: string, pairs: readonly Pair[]): string {
  const rows = KINDS.map((kind) => {
    const alike = pairs.filter((pair) => pair.kind === kind);
    return [
      kind,
      String(alike.length),
      ...LIMITS.map((limit) => String(alike.filter((pair) => pair.confidence >= limit).length)),
    ];
  });
  const none = pairs.filter(({ kind }) => kind === '0').length;
  const head = [
    `${what} (${pairs.length}, ${none} without contradiction)`,
    'n',
    ...LIMITS.map((limit) => `≥ ${limit}`),
  ];
  return formatTable(head, rows);
}

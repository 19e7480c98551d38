import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { measureSet } from '../../src/eval/measure-set.ts';
import type { Measured } from '../../src/eval/measured.ts';
import { compileReport, type Report } from '../../src/eval/report.ts';
import { readTruth } from '../../src/eval/truth.ts';
import type { WatchedVision } from '../../src/eval/watched-vision.ts';
import { type EvalSet, HELD_OUT_CROPS } from './sets.ts';

/** A set with its figures; `report` is absent where its folder is not on this machine. */
export type SetResult = Readonly<{ set: EvalSet; report?: Report; seconds: number }>;

type Job = Readonly<{
  data: string;
  sets: readonly EvalSet[];
  vision: WatchedVision;
  alphabet: string | undefined;
  /** Is waited for after each set, of which `left` are still to come. */
  afterEach?: (left: number) => Promise<void>;
}>;

/** Measures each set that is on this machine, and the group of held-out crops as one more. */
export async function measureSets({ data, sets, vision, alphabet, afterEach }: Job): Promise<readonly SetResult[]> {
  const results: SetResult[] = [];
  const grouped: Measured[] = [];
  const models = Object.values(vision.models).map(({ id }) => id);
  for (const [index, set] of sets.entries()) {
    const folder = join(data, set.folder);
    if (!existsSync(folder)) {
      results.push({ set, seconds: 0 });
      continue;
    }
    const start = performance.now();
    const texts = set.filter.texts === undefined ? undefined : join(data, set.filter.texts);
    const files = await readTruth(folder, { ...set.filter, texts, alphabet });
    const measured = await measureSet(files, vision, { step() {}, stop() {} });
    if (set.group) grouped.push(measured);
    const seconds = (performance.now() - start) / 1000;
    results.push({ set, report: compileReport(set.folder, models, measured), seconds });
    process.stderr.write(`${set.name}: ${files.length} files in ${seconds.toFixed(0)} s\n`);
    await afterEach?.(sets.length - index - 1);
  }
  const [first, ...others] = grouped;
  return first && others.length > 0 ? [...results, joinGroup([first, ...others], models)] : results;
}

function joinGroup(parts: readonly [Measured, ...Measured[]], models: readonly string[]): SetResult {
  const all: Measured = {
    ...parts[0],
    pictures: parts.reduce((sum, { pictures }) => sum + pictures, 0),
    failures: parts.flatMap(({ failures }) => failures),
    texts: parts.flatMap(({ texts }) => texts),
    times: parts.flatMap(({ times }) => times),
  };
  const { name, goal } = HELD_OUT_CROPS;
  const set: EvalSet = { name, folder: '', filter: {}, use: 'held out', goals: [goal] };
  return { set, report: compileReport(name, models, all), seconds: 0 };
}

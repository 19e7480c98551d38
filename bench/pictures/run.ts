import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findPercentile } from '../../src/eval/score-times.ts';
import type { Row } from '../row.ts';
import { listMixedPictures } from './mixed-list.ts';
import type { Cost } from './read-once.ts';

const HERE = join(import.meta.dirname, '..', '..');

type Given = Readonly<{
  /** Folder of the sets. */
  data: string;
  /** Pictures of each kind. */
  each?: number;
  rounds?: number;
}>;

/**
 * Processor time of `alpr read` over a mixed list of pictures, including decoding and garbage collection. If OVR_ALPR_BEFORE names
 * another checkout, both read the list in turn, each time in a process of its own: other load hardly moves the median of the ratios
 * of rounds.
 */
export async function run({ data, each = 60, rounds = 5 }: Given): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-pictures-'));
  try {
    const pictures = await listMixedPictures(data, folder, each);
    const before = process.env.OVR_ALPR_BEFORE;
    const trees = [...(before === undefined ? [] : [{ name: 'before', root: before }]), { name: 'now', root: HERE }];
    const costs = trees.map((): Cost[] => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [at, { root }] of trees.entries()) costs[at]?.push(await readOnce(root, pictures));
    }
    return trees.flatMap(({ name }, at) => describe(name, costs[at] ?? [], costs[0] ?? []));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readOnce(root: string, pictures: readonly string[]): Promise<Cost> {
  const script = fileURLToPath(new URL('./read-once.ts', import.meta.url));
  const given = JSON.stringify({ root, pictures, warmUp: Math.min(40, pictures.length >> 1) });
  const { stdout } = await promisify(execFile)(process.execPath, [script, given], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}

function describe(name: string, costs: readonly Cost[], base: readonly Cost[]): readonly Row[] {
  const compare = (what: string, pick: (cost: Cost) => number): Row => {
    const figures = costs.map(pick);
    const row = { what: `${what}, ${name}`, value: findPercentile(figures, 0.5), unit: 'ms' };
    if (costs === base) return row;
    const ratios = figures.map((figure, round) => figure / pick(base[round] ?? (costs[round] as Cost)));
    return { ...row, ratio: findPercentile(ratios, 0.5), against: 'before' };
  };
  const least = Math.min(...costs.map(({ total }) => total));
  const [{ stages = {}, collections = { count: 0, full: 0, clockMs: 0 }, read = [] } = {}] = costs;
  const otherwise = read.filter((texts, at) => texts !== base[0]?.read[at]).length;
  return [
    compare('a picture, whole', ({ total }) => total),
    { what: `the same, least of ${costs.length} rounds, ${name}`, value: least, unit: 'ms' },
    ...Object.keys(stages).map((stage) => compare(`  ${stage}`, (cost) => cost.stages[stage] ?? 0)),
    compare(
      '  the rest',
      ({ total, stages: parts }) => total - Object.values(parts).reduce((sum, part) => sum + part, 0),
    ),
    {
      what: `  collections of garbage, ${collections.full} of them full, ${name}`,
      value: collections.count,
      unit: 'times',
    },
    { what: `  their time by the clock, a picture, ${name}`, value: collections.clockMs / read.length, unit: 'ms' },
    ...(costs === base
      ? []
      : [{ what: `pictures of ${read.length} that are read otherwise`, value: otherwise, unit: '' }]),
  ];
}

import { join } from 'node:path';
import { readFormats } from '../../src/models/formats.ts';
import { createRegionKnowledge } from '../../src/vision/regions/region-knowledge.ts';
import { printRows, type Row } from '../row.ts';
import { compare, measure, timed } from './measure.ts';

const FORMATS = join(import.meta.dirname, '..', '..', 'plate-formats', 'plates.json');
const ROUNDS = 100;

/** Thirty-two readings of one plate whose look-alikes are all in doubt. */
function listCandidates(): readonly Readonly<{ text: string; p: number }>[] {
  const places = ['AB', '8B', 'O0', '1I', 'S5'];
  const texts = places.reduce<readonly string[]>(
    (grown, signs) => grown.flatMap((text) => [...signs].map((sign) => text + sign)),
    [''],
  );
  return texts.map((text, index) => ({ text: `${text}CD`, p: 1 / (index + 3) / texts.length }));
}

/** What it costs to order one reading by the numbering of all regions. Baseline: sorting its candidates. */
export async function run(): Promise<readonly Row[]> {
  const knowledge = createRegionKnowledge(await readFormats(FORMATS));
  const candidates = listCandidates();
  const repeat = (work: () => unknown) => () => {
    for (let round = 0; round < ROUNDS; round += 1) work();
  };
  const sort = await measure(repeat(() => candidates.toSorted((a, b) => b.p - a.p)));
  const judge = await measure(repeat(() => knowledge.judge({ candidates, shown: [] })));
  return [
    timed('sort 32 candidates', sort / ROUNDS),
    compare('order 32 candidates by the numbering of all regions', judge / ROUNDS, 'sorting them', sort / ROUNDS),
  ];
}

if (import.meta.main) printRows(await run());

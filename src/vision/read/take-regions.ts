import type { RegionScore } from '../regions/region-prior.ts';
import type { Tensor } from '../session.ts';
import { takeOutput } from './plate-decoder.ts';
import type { Reading } from './reading.ts';

type Answer = Readonly<Record<string, Tensor>>;
type RegionModel = Readonly<{ name: string; regions?: readonly string[] | undefined }>;

/** Below this probability a region of the picture is not kept. */
const NEGLIGIBLE = 1e-4;

/** What the optional output `regions` [N, R] says of each plate, by the codes of the manifest; undefined without either. */
export function takeRegions(
  output: Answer,
  { name, regions }: RegionModel,
  count: number,
): readonly Readonly<{ regions: readonly RegionScore[] }>[] | undefined {
  if (output.regions === undefined || regions === undefined) return undefined;
  const { data } = takeOutput(output, { model: name, name: 'regions', dims: [count, regions.length] });
  return Array.from({ length: count }, (_, row) => ({
    regions: regions
      .map((code, index) => ({ code, score: data[row * regions.length + index] }))
      .filter(({ score }) => score >= NEGLIGIBLE),
  }));
}

/** Optional outputs [N, 1] that say something of the plate as a whole, and what a reading calls it. */
const WITNESSES = [
  { output: 'legibility', field: 'readable' },
  { output: 'whole', field: 'whole' },
  { output: 'unread', field: 'unread' },
] as const;

/** What these outputs say of each plate, probabilities 0–1; without what the network has no output for. */
export function takeWitnesses(
  output: Answer,
  { name }: RegionModel,
  count: number,
): readonly Readonly<Pick<Reading, 'readable' | 'whole' | 'unread'>>[] {
  const told = WITNESSES.filter((witness) => output[witness.output] !== undefined).map((witness) => {
    const { data } = takeOutput(output, { model: name, name: witness.output, dims: [count, 1] });
    return { field: witness.field, data };
  });
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(told.map(({ field, data }) => [field, data[row]])),
  );
}

import type { RegionScore } from '../regions/region-prior.ts';
import type { Tensor } from '../session.ts';
import { takeOutput } from './plate-decoder.ts';

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

/** What the optional output `legibility` [N, 1] says of each plate; undefined without it. */
export function takeLegibility(
  output: Answer,
  { name }: RegionModel,
  count: number,
): readonly Readonly<{ readable: number }>[] | undefined {
  if (output.legibility === undefined) return undefined;
  const { data } = takeOutput(output, { model: name, name: 'legibility', dims: [count, 1] });
  return [...data].map((readable) => ({ readable }));
}

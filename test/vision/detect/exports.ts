import { readFile } from 'node:fs/promises';
import type { Tensor } from '../../../src/vision/session.ts';

/** What an export answered for a fixture picture, and what its own project made of it, in pixels of the picture. */
export type Export = Readonly<{
  width: number;
  height: number;
  placement: Readonly<{ scale: number; offsetX: number; offsetY: number }>;
  conf: number;
  iou: number;
  tensor: Tensor;
  detections: readonly Readonly<{ box: readonly number[]; score: number; class: number; points?: readonly number[] }>[];
}>;

/** Reads a file of test/fixtures/exports; candidates that were left out there are zeros. */
export async function readExport(name: string): Promise<Export> {
  const path = new URL(`../../fixtures/exports/${name}.json`, import.meta.url);
  const { output, ...about } = JSON.parse(await readFile(path, 'utf8'));
  const [, rows, columns] = output.dims;
  const data = new Float32Array(rows * columns);
  for (const [at, index] of output.indices.entries())
    for (const [value, number] of output.values[at].entries())
      data[output.axis === 2 ? value * columns + index : index * columns + value] = number;
  return { ...about, tensor: { type: 'float32', dims: output.dims, data } };
}

import type { Detection } from '../detection.ts';
import { AlprError } from '../errors.ts';
import { type CandidateContext, findBestClass, placeCandidate } from './candidate.ts';
import type { Output } from './decode-yolo11.ts';
import type { Size } from './letterbox.ts';

const CLASSES_FROM = 5;

/** How the rows of a YOLOX output lie on the network's picture. */
type YoloxGrids = Readonly<{
  /** Size of the network's picture, pixels. */
  input: Size;
  strides: readonly number[];
  /** Whether the export has turned its rows into pixels already. */
  decoded: boolean;
}>;

type Cell = Readonly<{ column: number; row: number; stride: number }>;

/**
 * `[1, N, 5 + nc]` of YOLOX: centre, size, objectness, class scores; one row a grid cell, finest grid first. Undecoded centres
 * count from their cell in strides and sizes are logarithms of strides (Ge et al. 2021, arXiv:2107.08430). Not yet suppressed.
 */
export function decodeYolox({ dims, data }: Output, context: CandidateContext, grids: YoloxGrids): Detection[] {
  const [, count, columns] = dims;
  const cells = grids.decoded ? undefined : listCells(grids);
  if (cells && cells.length !== count) {
    const { input, strides } = grids;
    throw new AlprError(
      'INFERENCE_FAILED',
      `A picture of ${input.width}×${input.height} has ${cells.length} cells in grids of ${strides.join(', ')} px, but the network answered with ${count} rows; correct strides in model.json, or set decoded to true.`,
    );
  }
  const detections: Detection[] = [];
  for (let i = 0; i < count; i += 1) {
    const at = i * columns;
    const best = findBestClass(data, at + CLASSES_FROM, columns - CLASSES_FROM);
    const score = best.score * data[at + 4];
    if (!(score >= context.minScore)) continue;
    const [x, y, width, height] = data.subarray(at, at + 4);
    const raw = { centreX: x, centreY: y, width, height };
    const box = cells ? toPixels(raw, cells[i]) : raw;
    const detection = placeCandidate({ ...box, classIndex: best.classIndex, score }, context);
    if (detection) detections.push(detection);
  }
  return detections;
}

type RawBox = Readonly<{ centreX: number; centreY: number; width: number; height: number }>;

function toPixels({ centreX, centreY, width, height }: RawBox, { column, row, stride }: Cell): RawBox {
  return {
    centreX: (centreX + column) * stride,
    centreY: (centreY + row) * stride,
    width: Math.exp(width) * stride,
    height: Math.exp(height) * stride,
  };
}

function listCells({ input, strides }: YoloxGrids): Cell[] {
  return strides.flatMap((stride) => {
    const columns = Math.floor(input.width / stride);
    const rows = Math.floor(input.height / stride);
    return Array.from({ length: rows * columns }, (_, i) => ({
      column: i % columns,
      row: Math.floor(i / columns),
      stride,
    }));
  });
}

import type { Box, Quad } from '../box.ts';
import type { Detection, DetectionClass } from '../detection.ts';
import { AlprError } from '../errors.ts';
import type { SmallPicture } from '../frame.ts';
import { isConvex } from '../geometry.ts';
import type { Tensor } from '../session.ts';

/** Columns of a row: x0, y0, x1, y1, score, class index, then x and y of the corners TL, TR, BR, BL. */
const COLUMNS = 14;

/** Where the network's picture lies in the full one, and what to keep. */
export type DecodeContext = Readonly<{
  placement: Pick<SmallPicture, 'scale' | 'offsetX' | 'offsetY'>;
  /** Size of the full picture; boxes are clipped to it, corners are not. */
  width: number;
  height: number;
  classes: readonly DetectionClass[];
  /** Lowest score that is kept. */
  minScore: number;
}>;

/** Rows `[1, n, 14]` of the `alpr-detect` network to Detections in pixels of the full picture, not yet suppressed. */
export function decodeAlpr(tensor: Tensor | undefined, context: DecodeContext): Detection[] {
  if (tensor?.type !== 'float32' || tensor.dims.length !== 3 || tensor.dims[2] !== COLUMNS || tensor.dims[0] !== 1) {
    throw new AlprError(
      'INFERENCE_FAILED',
      `The detector must answer with float32 [1, n, ${COLUMNS}], but answered ${tensor ? `${tensor.type} [${tensor.dims}]` : 'nothing'}; check the decoder named in its model.json.`,
    );
  }
  const detections: Detection[] = [];
  for (let at = 0; at + COLUMNS <= tensor.data.length; at += COLUMNS) {
    const detection = decodeRow(tensor.data, at, context);
    if (detection) detections.push(detection);
  }
  return detections;
}

function decodeRow(data: Float32Array, at: number, context: DecodeContext): Detection | undefined {
  const score = data[at + 4];
  const name = context.classes[Math.round(data[at + 5])];
  // Written so that NaN fails too.
  if (!(score >= context.minScore) || name === undefined) return undefined;
  const { scale, offsetX, offsetY } = context.placement;
  const x = (column: number) => (data[at + column] - offsetX) / scale;
  const y = (column: number) => (data[at + column] - offsetY) / scale;
  const box: Box = {
    x0: Math.max(0, x(0)),
    y0: Math.max(0, y(1)),
    x1: Math.min(context.width, x(2)),
    y1: Math.min(context.height, y(3)),
  };
  if (!(box.x1 - box.x0 >= 1 && box.y1 - box.y0 >= 1)) return undefined;
  if (name !== 'plate') return { box, class: name, score };
  const corners: Quad = [
    { x: x(6), y: y(7) },
    { x: x(8), y: y(9) },
    { x: x(10), y: y(11) },
    { x: x(12), y: y(13) },
  ];
  return isConvex(corners) ? { box, corners, class: name, score } : { box, class: name, score };
}

import type { Readable } from 'node:stream';
import type { FullPicture } from './decoder.ts';
import type { Seen } from './gstreamer-pipeline.ts';
import { PictureMemory } from './picture-memory.ts';
import { readPictures } from './picture-reader.ts';

type Size = Readonly<{ width: number; height: number }>;

/** Rows of one plane: bytes to keep, bytes from one row to the next, and where the first begins. */
type Rows = Readonly<{ bytes: number; stride: number; start: number }>;

/** The grey of the bars beside the small picture, as the detector was trained. */
const GREY = 114;

/** Cuts RGB pictures of `inner` pixels out of a stream and puts each at the top left of a grey canvas. */
export function readOnCanvas(
  stream: Readable,
  { inner, canvas, memory }: Readonly<{ inner: Size; canvas: Size; memory: PictureMemory }>,
  onPicture: (data: Uint8Array) => void,
): void {
  const stride = roundUp(inner.width * 3, 4);
  const own = new PictureMemory();
  readPictures(stream, { bytes: stride * inner.height, memory: own }, (data) => {
    const bytes = canvas.width * canvas.height * 3;
    const picture = new Uint8Array(memory.take(bytes).buffer, 0, bytes).fill(GREY);
    const from = { bytes: inner.width * 3, stride, start: 0 };
    copyRows(data, from, picture, { stride: canvas.width * 3, start: 0, rows: inner.height });
    own.giveBack({ data });
    onPicture(picture);
  });
}

/** Cuts I420 pictures out of a stream, without what GStreamer adds to rows and planes of odd sizes. */
export function readPlanes(
  stream: Readable,
  { width, height, fullRange, memory }: Seen & Readonly<{ memory: PictureMemory }>,
  onPicture: (picture: FullPicture) => void,
): void {
  const [luma, chroma] = [roundUp(width, 4), roundUp(roundUp(width, 2) / 2, 4)];
  const [rows, chromaRows] = [roundUp(height, 2), roundUp(height, 2) / 2];
  const bytes = luma * rows + 2 * chroma * chromaRows;
  const [halfWidth, halfHeight] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const packed = width * height + 2 * halfWidth * halfHeight;
  readPictures(stream, { bytes, memory }, (data) => {
    if (packed === bytes) {
      onPicture({ width, height, fullRange, data });
      return;
    }
    const picture = new Uint8Array(packed);
    const from = { bytes: width, stride: luma, start: 0 };
    copyRows(data, from, picture, { stride: width, start: 0, rows: height });
    for (const plane of [0, 1]) {
      const half = { bytes: halfWidth, stride: chroma, start: luma * rows + plane * chroma * chromaRows };
      const start = width * height + plane * halfWidth * halfHeight;
      copyRows(data, half, picture, { stride: halfWidth, start, rows: halfHeight });
    }
    onPicture({ width, height, fullRange, data: picture });
  });
}

function copyRows(
  data: Uint8Array,
  from: Rows,
  picture: Uint8Array,
  to: Readonly<{ stride: number; start: number; rows: number }>,
): void {
  for (let row = 0; row < to.rows; row++) {
    const begin = from.start + row * from.stride;
    picture.set(data.subarray(begin, begin + from.bytes), to.start + row * to.stride);
  }
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

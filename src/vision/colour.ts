import type { Image, RgbImage, YuvImage } from './image.ts';

/** BT.601 coefficients in 16-bit fixed point: `r = (luma·(Y−black) + rv·(V−128)) / 65536` and so on. */
export type YuvCoefficients = Readonly<{
  black: number;
  luma: number;
  rv: number;
  gu: number;
  gv: number;
  bu: number;
}>;

/** The coefficients of ITU-R BT.601 for limited (16–235) or full (0–255) range. */
export function getYuvCoefficients(fullRange: boolean): YuvCoefficients {
  return fullRange
    ? { black: 0, luma: 65536, rv: 91881, gu: -22554, gv: -46802, bu: 116130 }
    : { black: 16, luma: 76309, rv: 104597, gu: -25675, gv: -53279, bu: 132201 };
}

/** Three planes of one size, one byte a pixel: what {@link interleaveYuv} turns to RGB. */
export type YuvPlanes = Readonly<{
  width: number;
  height: number;
  y: Uint8Array;
  u: Uint8Array;
  v: Uint8Array;
  /** Right shift of a pixel's column and row to find its chroma sample: 0 for planes of one size, 1 for 4:2:0. */
  chromaShift: 0 | 1;
  fullRange: boolean;
}>;

/** Writes planes as packed RGB into `target` from byte `offset` on, `stride` bytes a row. */
export function interleaveYuv(planes: YuvPlanes, target: Uint8Array, offset: number, stride: number): void {
  const { width, height, y, u, v, chromaShift } = planes;
  const { black, luma, rv, gu, gv, bu } = getYuvCoefficients(planes.fullRange);
  const chromaStride = chromaShift ? (width + 1) >> 1 : width;
  const clamped = new Uint8ClampedArray(target.buffer, target.byteOffset, target.byteLength);
  for (let row = 0; row < height; row += 1) {
    let at = offset + row * stride;
    const lumaRow = row * width;
    const chromaRow = (row >> chromaShift) * chromaStride;
    for (let x = 0; x < width; x += 1) {
      const c = luma * (y[lumaRow + x] - black) + 32768;
      const cu = u[chromaRow + (x >> chromaShift)] - 128;
      const cv = v[chromaRow + (x >> chromaShift)] - 128;
      clamped[at] = (c + rv * cv) >> 16;
      clamped[at + 1] = (c + gu * cu + gv * cv) >> 16;
      clamped[at + 2] = (c + bu * cu) >> 16;
      at += 3;
    }
  }
}

/** The three planes of a 4:2:0 picture as views on its bytes. */
export function splitPlanes(image: YuvImage): Readonly<{ y: Uint8Array; u: Uint8Array; v: Uint8Array }> {
  const lumaSize = image.width * image.height;
  const chromaSize = ((image.width + 1) >> 1) * ((image.height + 1) >> 1);
  return {
    y: image.data.subarray(0, lumaSize),
    u: image.data.subarray(lumaSize, lumaSize + chromaSize),
    v: image.data.subarray(lumaSize + chromaSize, lumaSize + 2 * chromaSize),
  };
}

/** The whole picture as packed RGB (the same object where it already is): for storing and drawing, not for the networks. */
export function convertToRgb(image: Image): RgbImage {
  if (image.kind === 'rgb24') return image;
  const { width, height } = image;
  const data = new Uint8Array(width * height * 3);
  const planes = { width, height, ...splitPlanes(image), chromaShift: 1, fullRange: image.fullRange ?? false } as const;
  interleaveYuv(planes, data, 0, width * 3);
  return { kind: 'rgb24', width, height, data };
}

import type { Box } from './box.ts';
import type { Image, RgbImage, YuvImage } from './image.ts';

/** The part of `image` inside `box`, clipped to the picture and at least 2×2 px, as RGB. */
export function cropImage(image: Image, box: Box): RgbImage {
  const x0 = Math.max(0, Math.min(image.width - 2, Math.floor(box.x0)));
  const y0 = Math.max(0, Math.min(image.height - 2, Math.floor(box.y0)));
  const width = Math.max(1, Math.min(image.width, Math.max(x0 + 2, Math.ceil(box.x1))) - Math.max(0, x0));
  const height = Math.max(1, Math.min(image.height, Math.max(y0 + 2, Math.ceil(box.y1))) - Math.max(0, y0));
  const area = { x: Math.max(0, x0), y: Math.max(0, y0), width, height };
  return image.kind === 'rgb24' ? cropRgb(image, area) : cropYuv(image, area);
}

/** Grows `box` by `factor` of its width to the left and right and of its height above and below. */
export function growBox(box: Box, factor: Readonly<{ left: number; right: number; up: number; down: number }>): Box {
  const width = box.x1 - box.x0;
  const height = box.y1 - box.y0;
  return {
    x0: box.x0 - factor.left * width,
    y0: box.y0 - factor.up * height,
    x1: box.x1 + factor.right * width,
    y1: box.y1 + factor.down * height,
  };
}

type Area = Readonly<{ x: number; y: number; width: number; height: number }>;

function cropRgb(image: RgbImage, area: Area): RgbImage {
  const data = new Uint8Array(area.width * area.height * 3);
  for (let row = 0; row < area.height; row++) {
    const from = ((area.y + row) * image.width + area.x) * 3;
    data.set(image.data.subarray(from, from + area.width * 3), row * area.width * 3);
  }
  return { kind: 'rgb24', width: area.width, height: area.height, data };
}

/** BT.601 in 16.16 fixed point: coefficients from ITU-R BT.601, limited range scaled by 255/219. */
function cropYuv(image: YuvImage, area: Area): RgbImage {
  const chromaWidth = (image.width + 1) >> 1;
  const chromaSize = chromaWidth * ((image.height + 1) >> 1);
  const u = image.width * image.height;
  const v = u + chromaSize;
  const [scale, black] = image.fullRange ? [65536, 0] : [76309, 16];
  const [redV, greenU, greenV, blueU] = image.fullRange
    ? [91881, 22554, 46802, 116130]
    : [104597, 25675, 53279, 132201];
  const data = new Uint8ClampedArray(area.width * area.height * 3);
  let out = 0;
  for (let y = area.y; y < area.y + area.height; y++) {
    for (let x = area.x; x < area.x + area.width; x++) {
      const at = (y >> 1) * chromaWidth + (x >> 1);
      const luma = scale * ((image.data[y * image.width + x] ?? 0) - black) + 32768;
      const cb = (image.data[u + at] ?? 0) - 128;
      const cr = (image.data[v + at] ?? 0) - 128;
      data[out++] = (luma + redV * cr) >> 16;
      data[out++] = (luma - greenU * cb - greenV * cr) >> 16;
      data[out++] = (luma + blueU * cb) >> 16;
    }
  }
  return { kind: 'rgb24', width: area.width, height: area.height, data: new Uint8Array(data.buffer) };
}

import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { RgbImage, YuvImage } from '../../src/vision/image.ts';

const GOLDEN = new URL('../../models/alpr-detect/golden/input.png', import.meta.url);

/** The detector's golden picture, two plates, enlarged to 1280 × 720. */
export async function readScene(): Promise<RgbImage> {
  const png = await readFile(GOLDEN);
  const { data } = await sharp(png)
    .removeAlpha()
    .resize(1280, 720, { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { kind: 'rgb24', width: 1280, height: 720, data: new Uint8Array(data) };
}

/** The same picture as a camera's 4:2:0 frame (chroma of the upper left pixel, good enough for timing). */
export function toYuv({ width, height, data }: RgbImage): YuvImage {
  const half = (width >> 1) * (height >> 1);
  const out = new Uint8Array(width * height + 2 * half);
  for (let i = 0; i < width * height; i += 1) {
    const [r = 0, g = 0, b = 0] = data.subarray(i * 3, i * 3 + 3);
    out[i] = 16 + 0.257 * r + 0.504 * g + 0.098 * b;
    const x = i % width;
    const y = (i - x) / width;
    if (x % 2 === 0 && y % 2 === 0) {
      const at = width * height + (y >> 1) * (width >> 1) + (x >> 1);
      out[at] = 128 - 0.148 * r - 0.291 * g + 0.439 * b;
      out[at + half] = 128 + 0.439 * r - 0.368 * g - 0.071 * b;
    }
  }
  return { kind: 'yuv420p', width, height, data: out };
}

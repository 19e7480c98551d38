import { renderRgba } from '../../../src/camera/raster.ts';
import { cropImage } from '../../../src/vision/crop.ts';
import type { Image, RgbImage } from '../../../src/vision/image.ts';

/** Where a drawing is painted, in pixels; it may hang over the edge. */
export type Spot = Readonly<{ x: number; y: number; width: number; height: number }>;

/** The picture with drawings in SVG over it, each as soft as what a camera sees. */
export async function paintOver(
  image: Image,
  drawings: readonly Readonly<{ svg: string; spot: Spot; blur?: number }>[],
): Promise<RgbImage> {
  const whole = cropImage(image, { x0: 0, y0: 0, x1: image.width, y1: image.height });
  const data = whole.data.slice();
  for (const { svg, spot, blur = 0.6 } of drawings) {
    const size = { width: Math.max(4, Math.round(spot.width)), height: Math.max(4, Math.round(spot.height)) };
    blend(
      data,
      whole,
      { ...size, x: Math.round(spot.x), y: Math.round(spot.y) },
      await renderRgba(Buffer.from(svg), { ...size, blur }),
    );
  }
  return { ...whole, data };
}

function blend(
  target: Uint8Array,
  { width, height }: Readonly<{ width: number; height: number }>,
  spot: Spot,
  rgba: Uint8Array,
): void {
  for (let y = Math.max(0, spot.y); y < Math.min(height, spot.y + spot.height); y += 1) {
    for (let x = Math.max(0, spot.x); x < Math.min(width, spot.x + spot.width); x += 1) {
      const from = ((y - spot.y) * spot.width + (x - spot.x)) * 4;
      const cover = (rgba[from + 3] ?? 0) / 255;
      for (let channel = 0; channel < 3; channel += 1) {
        const at = (y * width + x) * 3 + channel;
        target[at] = (target[at] ?? 0) * (1 - cover) + (rgba[from + channel] ?? 0) * cover;
      }
    }
  }
}

import { cropImage } from '../vision/crop.ts';
import type { Frame } from '../vision/frame.ts';
import type { Image, RgbImage } from '../vision/image.ts';

/** A letterboxed picture without its bars. */
export function withoutBars(
  small: NonNullable<Frame['small']>,
  { width, height }: Pick<Image, 'width' | 'height'>,
): RgbImage {
  return cropImage(small.image, {
    x0: small.offsetX,
    y0: small.offsetY,
    x1: small.offsetX + Math.floor(width * small.scale),
    y1: small.offsetY + Math.floor(height * small.scale),
  });
}

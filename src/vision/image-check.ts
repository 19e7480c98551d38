import { AlprError } from './errors.ts';
import type { Image } from './image.ts';

/** Bytes that a picture of this kind and size must have. */
function countBytes(image: Pick<Image, 'kind' | 'width' | 'height'>): number {
  const { kind, width, height } = image;
  return kind === 'rgb24' ? width * height * 3 : width * height + 2 * ((width + 1) >> 1) * ((height + 1) >> 1);
}

/** Throws `IMAGE_INVALID` unless the picture has whole positive sides and exactly the bytes its layout asks for. */
export function checkImage(image: Image): void {
  const { kind, width, height, data } = image;
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new AlprError('IMAGE_INVALID', `A picture needs whole sides of at least 1 pixel, but is ${width}×${height}.`);
  }
  const expected = countBytes(image);
  if (data.length !== expected) {
    throw new AlprError(
      'IMAGE_INVALID',
      `A ${kind} picture of ${width}×${height} has ${expected} bytes, but ${data.length} came; hand over the whole picture without row padding.`,
    );
  }
}

import sharp from 'sharp';
import { AlprError, messageOf } from '../base/errors.ts';
import type { RgbImage } from '../vision/image.ts';

const MAX_PIXELS = 100_000_000;
const MAX_SIDE = 16_384;

/**
 * Decodes a JPEG, PNG, WebP, AVIF, TIFF or GIF as a person would see it: turned by its EXIF orientation, in sRGB, on white
 * where it is transparent. IMAGE_INVALID, naming `name`, when it is broken, above 100 megapixels or 16,384 pixels a side.
 */
export async function decodeRaster(bytes: Uint8Array, name: string): Promise<RgbImage> {
  try {
    const picture = sharp(bytes, { failOn: 'error', limitInputPixels: false });
    const { width, height } = await picture.metadata();
    checkSize(name, width, height);
    const { data, info } = await picture
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { kind: 'rgb24', width: info.width, height: info.height, data: toRgb(data, info.channels) };
  } catch (cause) {
    if (cause instanceof AlprError) throw cause;
    const message = `${name} cannot be decoded: ${messageOf(cause)}. Expected a JPEG, PNG, WebP, AVIF, TIFF or GIF.`;
    throw new AlprError('IMAGE_INVALID', message, { cause });
  }
}

/** Renders SVG, or an encoded picture, to RGBA bytes of the given size, softened by a blur of `blur` pixels. */
export async function renderRgba(
  drawing: Uint8Array,
  size: Readonly<{ width: number; height: number; blur?: number }>,
): Promise<Uint8Array> {
  const { width, height, blur } = size;
  const scaled = sharp(drawing, { density: 300 }).resize({ width, height, fit: 'fill' }).ensureAlpha();
  return (blur ? scaled.blur(blur) : scaled).raw().toBuffer();
}

function checkSize(name: string, width: number, height: number): void {
  if (width >= 1 && height >= 1 && width <= MAX_SIDE && height <= MAX_SIDE && width * height <= MAX_PIXELS) return;
  const message = `${name} has ${width}×${height} pixels; expected 1 to ${MAX_SIDE} a side and at most ${MAX_PIXELS / 1e6} million in all.`;
  throw new AlprError('IMAGE_INVALID', `${message} Make it smaller.`);
}

function toRgb(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const rgb = new Uint8Array((data.length / channels) * 3);
  for (let from = 0, to = 0; from < data.length; from += channels, to += 3) {
    rgb[to] = data[from] ?? 0;
    rgb[to + 1] = data[channels > 2 ? from + 1 : from] ?? 0;
    rgb[to + 2] = data[channels > 2 ? from + 2 : from] ?? 0;
  }
  return rgb;
}

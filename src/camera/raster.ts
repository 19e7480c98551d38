import sharp, { type Metadata, type Sharp } from 'sharp';
import { AlprError, messageOf } from '../base/errors.ts';
import { decodeJpeg } from '../base/jpeg.ts';
import type { RgbImage } from '../vision/image.ts';
import { type CaptureTime, readExifTime } from './capture-time.ts';
import type { Rotation } from './config.ts';
import { readPlainJpegSize } from './jpeg-header.ts';
import { PictureMemory } from './picture-memory.ts';

const MAX_PIXELS = 100_000_000;
const MAX_SIDE = 16_384;

/** Largest share of a JPEG that may be missing at its end. */
const TOLERATED_LOSS = 0.1;

/** Bytes at the end of a JPEG in which its end marker is looked for. */
const TRAILER = 64;

/** How a picture is turned, how many pixels it may have, and where it is put if it is a plain JPEG. */
type Decoding = Readonly<{ rotate?: Rotation; maxPixels?: number; memory?: PictureMemory }>;

/** A decoded picture; `missing` is the share of its height that a truncated file lacks, `taken` what its EXIF says. */
export type Raster = RgbImage & Readonly<{ missing?: number; taken?: CaptureTime }>;

/**
 * Decodes a JPEG, PNG, WebP, AVIF, TIFF or GIF as a person would see it: turned by its EXIF orientation or by `rotate`, in sRGB, on
 * white where it is transparent. A JPEG that lacks its end is decoded as far as it goes. IMAGE_INVALID, naming `name`, when it is
 * broken, above `maxPixels` (100 million unless said) or 16,384 pixels a side.
 */
export async function decodeRaster(bytes: Uint8Array, name: string, how: Decoding = {}): Promise<Raster> {
  try {
    const plain = readPlainJpegSize(bytes);
    if (plain) checkSize(name, { ...plain, maxPixels: how.maxPixels });
    return (plain && (await decodePlainJpeg(bytes, plain, how))) ?? (await decodeAny(bytes, name, how));
  } catch (cause) {
    if (cause instanceof AlprError) throw cause;
    const rest = isCut(bytes) ? await decodeTruncated(bytes, name, how).catch(() => undefined) : undefined;
    if (rest && rest.missing <= TOLERATED_LOSS) return rest;
    const lost = rest ? ` The lower ${Math.round(rest.missing * 100)} % of it is missing.` : '';
    const message = `${name} cannot be decoded: ${messageOf(cause)}.${lost} Expected a JPEG, PNG, WebP, AVIF, TIFF or GIF.`;
    throw new AlprError('IMAGE_INVALID', message, { cause });
  }
}

/**
 * Decodes a JPEG that needs no turning and no conversion of colours with libjpeg-turbo: in half of sharp's time, and into memory that
 * may be reused. Returns nothing if it must be turned, or if the library reports a fault.
 */
async function decodePlainJpeg(bytes: Uint8Array, { width, height }: Size, how: Decoding): Promise<Raster | undefined> {
  const { rotate = 'auto', memory = new PictureMemory() } = how;
  if (rotate !== 'auto' && rotate !== 0) return undefined;
  const room = memory.take(width * height * 3);
  try {
    const image = await decodeJpeg(bytes, room);
    if (image.width === width && image.height === height) return image;
  } catch {
    // Sharp's result or error counts.
  }
  memory.giveBack({ data: room });
  return undefined;
}

async function decodeAny(bytes: Uint8Array, name: string, how: Decoding): Promise<Raster> {
  const picture = sharp(bytes, { failOn: 'error', limitInputPixels: false });
  const header = await picture.metadata();
  checkSize(name, { ...header, maxPixels: how.maxPixels });
  return decode(picture, header, how);
}

async function decode(picture: Sharp, { exif }: Metadata, { rotate = 'auto' }: Decoding): Promise<Raster> {
  const turned = rotate === 'auto' ? picture.autoOrient() : picture.rotate(rotate);
  const { data, info } = await turned
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const taken = exif && readExifTime(exif);
  const image = { width: info.width, height: info.height, data: toRgb(data, info.channels) };
  return { kind: 'rgb24', ...image, ...(taken ? { taken } : {}) };
}

/** Whether bytes lack the marker that ends a JPEG, after which some cameras append a little. */
function isCut(bytes: Uint8Array): boolean {
  return !Buffer.from(bytes.subarray(-TRAILER)).includes(Buffer.from([0xff, 0xd9]));
}

/** What there is of a JPEG that ends too early. What is missing comes as rows of one colour at the bottom, as it is stored. */
async function decodeTruncated(bytes: Uint8Array, name: string, how: Decoding): Promise<Raster & { missing: number }> {
  const open = () => sharp(bytes, { failOn: 'none', limitInputPixels: false });
  const header = await open().metadata();
  if (header.format !== 'jpeg') throw new AlprError('IMAGE_INVALID', `${name} is no JPEG.`);
  checkSize(name, { ...header, maxPixels: how.maxPixels });
  const stored = await decode(open(), header, { rotate: 0 });
  const turned = how.rotate === 0 ? stored : await decode(open(), header, how);
  return { ...turned, missing: countEmptyRows(stored) / stored.height };
}

function countEmptyRows({ data, width, height }: RgbImage): number {
  for (let empty = 0; empty < height; empty++) {
    const from = (height - 1 - empty) * width * 3;
    for (let at = from + 3; at < from + width * 3; at++) if (data[at] !== data[at - 3]) return empty;
  }
  return height;
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

type Size = Readonly<{ width: number; height: number; maxPixels?: number | undefined }>;

function checkSize(name: string, { width, height, maxPixels = MAX_PIXELS }: Size): void {
  if (width >= 1 && height >= 1 && width <= MAX_SIDE && height <= MAX_SIDE && width * height <= maxPixels) return;
  const message = `${name} has ${width}×${height} pixels; expected 1 to ${MAX_SIDE} a side and at most ${maxPixels / 1e6} million in all.`;
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

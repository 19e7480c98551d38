import { AlprError } from '../base/errors.ts';
import { decodeRaster, type Raster } from './raster.ts';

/** Most pixels of a picture that somebody sent: 150 MB decoded. */
const MAX_PIXELS = 50_000_000;

/** What files of each format have at which byte. */
const MAGIC = [
  [0, [0xff, 0xd8, 0xff]],
  [0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  [8, [0x57, 0x45, 0x42, 0x50]],
] as const;

/**
 * Decodes a picture that comes from outside. IMAGE_INVALID unless it begins as a JPEG, PNG or WebP does, which are fewer formats than
 * the decoder knows, and has at most 50 million pixels, which its header says before anything is unpacked.
 */
export async function decodeSentPicture(bytes: Uint8Array): Promise<Raster> {
  if (!MAGIC.some(([at, magic]) => magic.every((byte, index) => bytes[at + index] === byte))) {
    const what = bytes.length === 0 ? 'got no bytes' : 'got other bytes';
    throw new AlprError('IMAGE_INVALID', `Expected a JPEG, PNG or WebP, ${what}; send the file itself`);
  }
  return decodeRaster(bytes, 'The picture', { maxPixels: MAX_PIXELS });
}

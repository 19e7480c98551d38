import sharp from 'sharp';
import type { Random } from '../../src/base/random.ts';
import type { Point, Quad } from '../../src/vision/box.ts';
import { mapQuad, measureQuad } from '../../src/vision/geometry.ts';
import type { RgbImage } from '../../src/vision/image.ts';

/** A plate in a picture. */
export type PlacedPlate = Readonly<{ image: RgbImage; corners: Quad }>;

/** Smallest height of a plate after it was made smaller, px: characters of about 7. */
const LEAST_HEIGHT = 11;
/** Standard deviation of a corner as detectors place it, share of the plate's height. */
const CORNER_SPREAD = 0.05;

/** Another look at the same plate, as a camera would have it: further off, softer, darker, noisier, with corners a little off. */
export async function varyLook({ image, corners }: PlacedPlate, random: Random): Promise<PlacedPlate> {
  const height = measureQuad(corners).height;
  const least = Math.min(1, LEAST_HEIGHT / height);
  const scale = least ** (random.next() ** 2);
  const size = {
    width: Math.max(4, Math.round(image.width * scale)),
    height: Math.max(4, Math.round(image.height * scale)),
  };
  const gain = random.between(0.6, 1.25);
  const blur = random.between(0, 1.3);
  const raw = { width: image.width, height: image.height, channels: 3 } as const;
  let look = sharp(image.data, { raw }).resize({ ...size, fit: 'fill' });
  if (blur > 0.3) look = look.blur(blur);
  const encoded = await look
    .linear(gain, 128 * (1 - gain) * random.between(0.3, 1))
    .jpeg({ quality: Math.round(random.between(45, 92)) })
    .toBuffer();
  const { data, info } = await sharp(encoded).raw().toBuffer({ resolveWithObject: true });
  const factor = { x: info.width / image.width, y: info.height / image.height };
  const spread = CORNER_SPREAD * height * scale;
  const move = ({ x, y }: Point) => ({
    x: x * factor.x + spread * drawNormal(random),
    y: y * factor.y + spread * drawNormal(random),
  });
  return {
    image: { kind: 'rgb24', width: info.width, height: info.height, data: new Uint8Array(data) },
    corners: mapQuad(corners, move),
  };
}

/** A standard normal number (Box and Muller 1958). */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

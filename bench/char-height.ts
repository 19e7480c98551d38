import sharp from 'sharp';
import { loadConfig } from '../src/app/config.ts';
import { openVision } from '../src/app/open-vision.ts';
import { createLog } from '../src/base/log.ts';
import { decodePicture } from '../src/camera/pictures.ts';
import { readTruth } from '../src/eval/truth.ts';
import type { Point, Quad } from '../src/vision/box.ts';
import { mapQuad } from '../src/vision/geometry.ts';
import type { RgbImage } from '../src/vision/image.ts';

/** Heights that crops are made smaller to, pixels of one character. */
const HEIGHTS = [5, 6, 7, 8, 10, 12, 14, 18, 24];

/** A character is about this share of the height of its line on the plate. */
const CHARACTER_SHARE = 0.7;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Expected a folder of crops with corners: node bench/char-height.ts FOLDER');
const config = loadConfig({ environment: {}, settings: [] });
await using vision = await openVision(config, createLog({ level: 'warn' }));
const pictures = (await readTruth(folder, { heldOut: 15 })).flatMap(({ path, plates: [plate] }) =>
  plate?.corners && plate.text ? [{ path, corners: plate.corners, text: plate.text }] : [],
);
const crops = await Promise.all(
  pictures.map(async ({ path, ...truth }) => ({ image: await decodePicture(path), ...truth })),
);

for (const height of HEIGHTS) {
  let [total, exact] = [0, 0];
  for (const { image, corners, text } of crops) {
    const factor = height / (measureHeight(corners) * CHARACTER_SHARE);
    if (factor > 1) continue;
    const [reading] = await vision.reader.read([
      { image: await shrink(image, factor), corners: scale(corners, factor) },
    ]);
    total++;
    if (reading?.text === text) exact++;
  }
  console.log(`${height} px: ${((100 * exact) / Math.max(1, total)).toFixed(1)} % exact of ${total}`);
}

function measureHeight([topLeft, topRight, bottomRight, bottomLeft]: Quad): number {
  const side = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
  return (side(topLeft, bottomLeft) + side(topRight, bottomRight)) / 2;
}

function scale(corners: Quad, factor: number): Quad {
  return mapQuad(corners, ({ x, y }) => ({ x: x * factor, y: y * factor }));
}

async function shrink(image: RgbImage, factor: number): Promise<RgbImage> {
  const { width, height, data } = image;
  const size = { width: Math.max(2, Math.round(width * factor)), height: Math.max(2, Math.round(height * factor)) };
  const raw = sharp(data, { raw: { width, height, channels: 3 } });
  const resized = await raw
    .resize({ ...size, fit: 'fill' })
    .raw()
    .toBuffer();
  return { kind: 'rgb24', ...size, data: new Uint8Array(resized) };
}

import type { PlateLine } from '../../app/plate-line.ts';
import { encodeJpeg } from '../../base/jpeg.ts';
import { renderRgba } from '../../camera/raster.ts';
import { type Font, readFont } from '../../camera/simulator/font.ts';
import type { RgbImage } from '../../vision/image.ts';

const COLOUR = [34, 197, 94] as const;
const QUALITY = 90;
const FONT_FILE = new URL('../../camera/simulator/fonts/D-DIN-Bold.ttf', import.meta.url);

/** The picture as JPEG with each plate outlined and its text and confidence above it. */
export async function markPlates(image: RgbImage, plates: readonly PlateLine[]): Promise<Uint8Array> {
  const marked: RgbImage = { ...image, data: Uint8Array.from(image.data) };
  const thickness = Math.max(1, Math.round(image.width / 500));
  for (const { corners } of plates) {
    for (const [at, corner] of corners.entries()) {
      const next = corners[(at + 1) % corners.length];
      if (next) drawLine(marked, corner, next, thickness);
    }
  }
  const font = await readFont(FONT_FILE);
  for (const plate of plates) await drawLabel(marked, plate, font);
  return encodeJpeg(marked, QUALITY);
}

/** White letters on the outline's colour, above the plate or, where there is no room, inside the picture. */
async function drawLabel(image: RgbImage, plate: PlateLine, font: Font): Promise<void> {
  const height = Math.max(16, Math.round(image.width / 40));
  const { svg, width } = createLabel(`${plate.text} ${Math.round(plate.confidence * 100)}`, height, font);
  if (width < 1) return;
  const rgba = await renderRgba(Buffer.from(svg), { width, height });
  const left = Math.round(Math.max(0, Math.min(image.width - width, plate.box[0])));
  const top = Math.round(Math.max(0, plate.box[1] - height - 2));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      paint(image, left + x, top + y, rgba.subarray(at, at + 3));
    }
  }
}

/** The font has capitals and digits only; what it lacks leaves a gap. */
function createLabel(text: string, height: number, font: Font): { svg: string; width: number } {
  const capital = height * 0.62;
  let x = height * 0.25;
  const letters = [...text].map((letter) => {
    const glyph = font.get(letter);
    const place = `<path transform="translate(${x} ${height * 0.81}) scale(${capital})" d="${glyph?.path ?? ''}"/>`;
    x += (glyph?.advance ?? 0.4) * capital;
    return place;
  });
  const width = Math.ceil(x + height * 0.25);
  const frame = `<rect width="${width}" height="${height}" fill="rgb(${COLOUR.join(',')})"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${frame}<g fill="#fff">${letters.join('')}</g></svg>`;
  return { svg, width };
}

type Pair = readonly [number, number];

function drawLine(image: RgbImage, [x0, y0]: Pair, [x1, y1]: Pair, thickness: number): void {
  const steps = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0)));
  for (let step = 0; step <= steps; step++) {
    const x = Math.round(x0 + ((x1 - x0) * step) / steps);
    const y = Math.round(y0 + ((y1 - y0) * step) / steps);
    for (let dy = 0; dy < thickness; dy++) for (let dx = 0; dx < thickness; dx++) paint(image, x + dx, y + dy);
  }
}

function paint(image: RgbImage, x: number, y: number, colour: ArrayLike<number> = COLOUR): void {
  if (x < 0 || y < 0 || x >= image.width || y >= image.height) return;
  image.data.set(colour, (y * image.width + x) * 3);
}

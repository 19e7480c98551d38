import type { Quad } from '../vision/box.ts';
import { toQuad } from '../vision/geometry.ts';
import type { RgbImage } from '../vision/image.ts';
import { describeText } from './describe-text.ts';
import type { TextRecord } from './records.ts';
import type { TrueFile, TruePlate } from './truth.ts';
import type { WatchedVision } from './watched-vision.ts';

/** Reads each labelled plate of a crop at its true corners, else its true box, else as a whole. */
export async function readCrop(
  file: TrueFile,
  image: RgbImage,
  { reader }: WatchedVision,
): Promise<Readonly<{ texts: readonly TextRecord[] }>> {
  const texts: TextRecord[] = [];
  for (const plate of file.plates) {
    const truth = plate.text;
    if (truth === undefined) continue;
    const corners = findCorners(plate, image);
    const [reading] = await reader.read([{ image, corners, plate: reader.rectify(image, corners) }]);
    texts.push(describeText({ file, plate: { ...plate, text: truth }, corners, reading }));
  }
  return { texts };
}

/** Some labels begin at the bottom left: a plate is wider than high, so its corners can be turned back. */
export function findCorners({ corners, box }: TruePlate, { width, height }: RgbImage): Quad {
  if (corners === undefined) return toQuad(box ?? { x0: 0, y0: 0, x1: width, y1: height });
  const [a, b, c, d] = corners;
  const top = { x: Math.abs(b.x - a.x), y: Math.abs(b.y - a.y) };
  const isTurned = top.x < top.y && Math.hypot(top.x, top.y) < 1.2 * Math.hypot(d.x - a.x, d.y - a.y);
  return isTurned ? [b, c, d, a] : corners;
}

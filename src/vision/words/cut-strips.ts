import type { Point, Quad } from '../box.ts';
import { expandQuad } from '../geometry.ts';
import type { Image, RgbImage } from '../image.ts';
import { findHomography, rectifyToImage } from '../read/rectify.ts';

/** Where words stand: the upper and the lower `share` of a plate's height, with margins around the plate as shares of its sides. */
export type Strips = Readonly<{ share: number; margin_x: number; margin_y: number }>;

/** The upper and the lower strip of a plate, upright, as large as the network wants them: from the picture, not from the reader's crop. */
export function cutStrips(
  { image, corners }: Readonly<{ image: Image; corners: Quad }>,
  { share, margin_x, margin_y }: Strips,
  size: Readonly<{ width: number; height: number }>,
): readonly [RgbImage, RgbImage] {
  const { a, b, c, d, e, f, g, h } = findHomography(expandQuad(corners, margin_x, 0));
  const place = (u: number, v: number): Point => {
    const w = g * u + h * v + 1;
    return { x: (a * u + b * v + c) / w, y: (d * u + e * v + f) / w };
  };
  const cut = (top: number, bottom: number) =>
    rectifyToImage(image, [place(0, top), place(1, top), place(1, bottom), place(0, bottom)], size);
  return [cut(-margin_y, share), cut(1 - share, 1 + margin_y)];
}

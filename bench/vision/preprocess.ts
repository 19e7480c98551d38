import { Letterbox } from '../../src/vision/detect/letterbox.ts';
import { toQuad } from '../../src/vision/geometry.ts';
import { measureSharpness } from '../../src/vision/read/legibility.ts';
import { rectifyToImage } from '../../src/vision/read/rectify.ts';
import { printRows, type Row } from '../row.ts';
import { compare, measure, timed } from './measure.ts';
import { readScene, toYuv } from './pictures.ts';

const SIZE = { width: 640, height: 384 };
const PLATE = { width: 128, height: 64 };

/** Pixels before the networks: letterboxing and rectification. Baseline: copying the picture's bytes. */
export async function run(): Promise<readonly Row[]> {
  const rgb = await readScene();
  const yuv = toYuv(rgb);
  const large = { ...rgb, height: 640, data: rgb.data.slice(0, 1280 * 640 * 3) };
  const letterbox = new Letterbox();
  const quad = toQuad({ x0: 300, y0: 200, x1: 420, y1: 240 });
  const wide = toQuad({ x0: 100, y0: 200, x1: 612, y1: 330 });
  const crop = rectifyToImage(rgb, quad, PLATE);
  const copy = await measure(() => rgb.data.slice());
  const against = (what: string, ms: number) => compare(what, ms, 'copy', copy);
  return [
    timed('copy of a 1280×720 RGB picture', copy),
    against('letterbox 1280×720 RGB → 640×384', await measure(() => letterbox.fit(rgb, SIZE))),
    against('letterbox 1280×720 YUV → 640×384', await measure(() => letterbox.fit(yuv, SIZE))),
    against(
      'letterbox 1280×640 RGB → 608×384 (no whole factor)',
      await measure(() => letterbox.fit(large, { width: 608, height: 384 })),
    ),
    against('rectify a plate of 120×40 px, RGB', await measure(() => rectifyToImage(rgb, quad, PLATE), 100)),
    against('rectify a plate of 120×40 px, YUV', await measure(() => rectifyToImage(yuv, quad, PLATE), 100)),
    against('rectify a plate of 512×130 px, RGB, low-pass', await measure(() => rectifyToImage(rgb, wide, PLATE), 100)),
    against('sharpness of a rectified plate', await measure(() => measureSharpness(crop), 100)),
  ];
}

if (import.meta.main) printRows(await run());

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/base/random.ts';
import type { RgbImage } from '../../src/vision/image.ts';
import { KINDS } from '../../tools/evaluate/made/kinds.ts';
import { readFonts } from '../../tools/evaluate/made/lettering.ts';

const SIZE = { width: 480, height: 320 };
const image: RgbImage = { kind: 'rgb24', ...SIZE, data: new Uint8Array(SIZE.width * SIZE.height * 3).fill(120) };
const box = { x0: 180, y0: 220, x1: 300, y1: 246 };
const shown = { text: 'KA34XR', image, box, others: [] };

test.each(Object.entries(KINDS))(
  'Pictures of the kind "%s" are the same for the same seed, and else differ',
  async (_, make) => {
    const fonts = await readFonts();
    const makeOne = async (seed: number) => {
      const { image, ...rest } = await make({ random: createRandom(seed), shown, fonts });
      return { ...rest, pixels: createHash('sha256').update(image.data).digest('hex') };
    };
    const [one, again, other] = await Promise.all([1, 1, 2].map(makeOne));
    expect(again).toEqual(one);
    expect(other?.pixels).not.toBe(one?.pixels);
    expect(one?.truth).toMatch(/^[0-9A-ZÄÖÜ]*$/);
  },
);

test('Only what nobody could say is without a truth, and German districts have their umlaut', async () => {
  const given = { random: createRandom(3), shown, fonts: await readFonts() };
  const truths = Object.fromEntries(
    await Promise.all(Object.entries(KINDS).map(async ([kind, make]) => [kind, (await make(given)).truth] as const)),
  );
  expect(Object.keys(truths).filter((kind) => truths[kind] === '')).toEqual(['unknown script']);
  expect(truths.umlauts).toMatch(/^[A-ZÄÖÜ]*[ÄÖÜ][A-Z]*\d+$/);
  expect(truths['three lines']).toMatch(/^[A-Z]{2}\d{3}[A-Z]{2}$/);
  for (const kind of ['cut by an edge', 'covered', 'stickers', 'overlays', 'lettering'])
    expect(truths[kind]).toBe('KA34XR');
});

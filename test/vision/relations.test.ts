import { expect, test } from 'vitest';
import type { Box } from '../../src/vision/box.ts';
import type { Detection } from '../../src/vision/detection.ts';
import { isBeside } from '../../src/vision/relations.ts';

const PICTURE = { width: 900, height: 780 };
const lorry: Detection = { box: { x0: 100, y0: 50, x1: 800, y1: 700 }, class: 'truck', score: 0.8 };
const plate = (box: Box, vehicle?: Detection) => ({ detection: { box, class: 'plate', score: 0.8 } as const, vehicle });
const first = plate({ x0: 280, y0: 450, x1: 440, y1: 500 }, lorry);

test.each([
  ['a sticker half as high on the same vehicle', plate({ x0: 540, y0: 460, x1: 620, y1: 485 }, lorry), true],
  ['a second plate as high on the same vehicle', plate({ x0: 540, y0: 460, x1: 700, y1: 508 }, lorry), false],
  ['a plate on no vehicle amid the picture', plate({ x0: 600, y0: 300, x1: 660, y1: 320 }), false],
  ['text on no vehicle at the upper edge', plate({ x0: 6, y0: 13, x1: 109, y1: 50 }), true],
  ['a plate at the upper edge on its own vehicle', plate({ x0: 6, y0: 13, x1: 109, y1: 50 }, { ...lorry }), false],
])('Beside the plate of a lorry, %s', (_, other, beside) => {
  expect(isBeside(other, [first], PICTURE)).toBe(beside);
});

test('Text at the edge of a picture without another plate is read', () => {
  expect(isBeside(plate({ x0: 6, y0: 13, x1: 109, y1: 50 }), [], PICTURE)).toBe(false);
});

import { expect, test } from 'vitest';
import type { Box } from '../../src/vision/box.ts';
import type { Detection } from '../../src/vision/detection.ts';
import { toQuad } from '../../src/vision/geometry.ts';
import { type Found, leaveLetteringOut } from '../../src/vision/relations.ts';

const PICTURE = { width: 900, height: 780 };
const lorry: Detection = { box: { x0: 100, y0: 50, x1: 800, y1: 700 }, class: 'truck', score: 0.8 };

/** A text 160 px wide, at its upper left corner. */
function text(
  at: Readonly<{ x: number; y: number; height?: number }>,
  more: Partial<Found['reading']> = {},
  vehicle?: Detection,
): Found {
  const box: Box = { x0: at.x, y0: at.y, x1: at.x + 160, y1: at.y + (at.height ?? 50) };
  const reading = { text: 'AB1234', confidence: 0.97, matchesFormat: true, ...more };
  return { detection: { box, class: 'plate', score: 0.8 }, corners: toQuad(box), reading, vehicle };
}

const plate = text({ x: 280, y: 450 }, {}, lorry);
const fence: Detection = { box: { x0: 0, y0: 0, x1: 190, y1: 120 }, class: 'car', score: 0.6 };

test.each([
  [
    'a sticker a third as high on the same vehicle',
    text({ x: 540, y: 460, height: 15 }, { confidence: 0.9 }, lorry),
    false,
  ],
  [
    'a word as large as the plate that fits no numbering',
    text({ x: 540, y: 200 }, { text: 'SCANIA', matchesFormat: false }, lorry),
    false,
  ],
  ['a text that is read less surely', text({ x: 540, y: 200 }, { confidence: 0.4 }, lorry), false],
  [
    'the plate of a trailer, as high and as sure',
    text({ x: 540, y: 460, height: 48 }, { confidence: 0.95 }, lorry),
    true,
  ],
  ['a plate on no vehicle amid the picture', text({ x: 600, y: 300 }), true],
  ['text on no vehicle at the upper edge', text({ x: 6, y: 13 }), false],
  ['text on no vehicle at the lower edge', text({ x: 6, y: 720 }), false],
  ['a plate at the upper edge on its own vehicle', text({ x: 6, y: 13 }, {}, fence), true],
] as const)('Beside the plate of a lorry, %s: %#', (_, other, stays) => {
  for (const found of [
    [plate, other],
    [other, plate],
  ]) {
    expect(leaveLetteringOut(found, PICTURE)).toEqual(stays ? found : [plate]);
  }
});

test('Without a plate on a vehicle text at the edge is read, and a single text on a vehicle whatever it is', () => {
  const alone = [text({ x: 6, y: 13 })];
  expect(leaveLetteringOut(alone, PICTURE)).toEqual(alone);
  const personal = [text({ x: 280, y: 450 }, { matchesFormat: false, confidence: 0.4 }, lorry)];
  expect(leaveLetteringOut(personal, PICTURE)).toEqual(personal);
});

test('A reader without knowledge of numberings keeps the surer text, and a second one that is as sure', () => {
  const known = (confidence: number, y: number) => {
    const one = text({ x: 280, y }, { confidence }, lorry);
    return { ...one, reading: { text: 'AB1234', confidence } };
  };
  const [first, second, doubtful] = [known(0.98, 450), known(0.95, 300), known(0.4, 200)];
  expect(leaveLetteringOut([doubtful, second, first], PICTURE)).toEqual([second, first]);
});

test('A small sticker that is read more surely takes no plate away; a large word does not stay', () => {
  const sticker = text({ x: 540, y: 460, height: 20 }, { text: '8090', confidence: 0.99 }, lorry);
  const doubtful = text({ x: 280, y: 450 }, { confidence: 0.6, matchesFormat: false }, lorry);
  expect(leaveLetteringOut([sticker, doubtful], PICTURE)).toEqual([sticker, doubtful]);
  const word = text({ x: 280, y: 150, height: 120 }, { text: 'PAJERO', confidence: 0.99, matchesFormat: false }, lorry);
  expect(leaveLetteringOut([word, plate], PICTURE)).toEqual([plate]);
});

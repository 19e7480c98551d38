import { expect, test } from 'vitest';
import { fuseReadings } from '../../../src/vision/fuse/fuse-readings.ts';
import { toQuad } from '../../../src/vision/geometry.ts';
import { isWhole, trust } from '../../../src/vision/read/wholeness.ts';
import { playScene } from '../scene.ts';

const PICTURE = { width: 640, height: 360 };

test.each([
  ['amid the picture', { x0: 100, y0: 100, x1: 200, y1: 130 }, true],
  ['at the left edge', { x0: 1, y0: 100, x1: 80, y1: 130 }, false],
  ['at the right edge', { x0: 560, y0: 100, x1: 639, y1: 130 }, false],
  ['at the upper edge', { x0: 100, y0: 0, x1: 200, y1: 20 }, false],
  ['at the lower edge', { x0: 100, y0: 340, x1: 200, y1: 360 }, false],
  ['as wide as the picture, which was cut around it', { x0: 0, y0: 100, x1: 640, y1: 260 }, true],
])('A plate %s', (_, box, whole) => {
  expect(isWhole(PICTURE, box, toQuad(box))).toBe(whole);
});

test.each([
  ['of which the picture shows a part', {}, false],
  ['of which the network says that something hides a part', { whole: 0.2 }, true],
])('What is read of a plate %s keeps its texts, is trusted little, and says so', (_, said, isInPicture) => {
  const candidates = [{ text: 'PP587', p: 0.9 }];
  const doubted = trust({ text: 'PP587', chars: [], confidence: 0.9, candidates, ...said }, isInPicture);
  expect(doubted).toMatchObject({ text: 'PP587', stated: 0.9, complete: false });
  expect(doubted.confidence).toBeLessThan(0.5);
  expect(doubted.candidates[0]?.p).toBe(doubted.confidence);
});

test('Digits beside characters of a script that the network does not know are trusted little, and are no part of a plate', () => {
  const doubted = trust({ text: '1234', chars: [], confidence: 0.98, candidates: [], unread: 0.9, whole: 1 }, true);
  expect(doubted).toMatchObject({ text: '1234', stated: 0.98 });
  expect(doubted.confidence).toBeLessThan(0.5);
  expect(doubted.complete).toBeUndefined();
});

test('A passage has unread characters where most of what its looks weigh says so', () => {
  const look = (unread: number, weight: number) => ({
    reading: {
      text: '1234',
      chars: [...'1234'].map((char) => [{ char, p: 0.95 }]),
      confidence: 0.95,
      candidates: [],
      unread,
    },
    weight,
  });
  expect(fuseReadings([look(0.9, 0.8), look(0.8, 0.8), look(0.1, 0.3)])).toMatchObject({
    hasUnread: true,
    complete: true,
  });
  expect(fuseReadings([look(0.9, 0.8), look(0.8, 0.8)])?.confidence).toBeLessThan(0.5);
  expect(fuseReadings([look(0.1, 0.8), look(0.2, 0.8)])?.confidence).toBeGreaterThan(0.9);
});

test('Many looks at a part are no surer than one; one look at the whole plate makes the text whole', () => {
  const read = (text: string, isCut: boolean, weight: number) => ({
    reading: { text, chars: [...text].map((char) => [{ char, p: 0.95 }]), confidence: 0.95, candidates: [] },
    weight,
    isCut,
  });
  const parts = Array.from({ length: 8 }, () => read('PP587', true, 0.08));
  expect(fuseReadings(parts)).toMatchObject({ text: 'PP587', complete: false });
  expect(fuseReadings(parts)?.confidence).toBeLessThan(0.5);
  const whole = fuseReadings([...parts, read('PP587AO', false, 0.9), read('PP587AO', false, 0.9)]);
  expect(whole).toMatchObject({ text: 'PP587AO', complete: true });
});

test('A vehicle that stops half out of the picture is never sure, and its event says that the plate is not whole', async () => {
  const actor = (n: number) =>
    n < 40 ? { box: { x0: 540, y0: 100 + n, x1: 640, y1: 130 + n }, text: 'PP587', confidence: 0.99 } : undefined;
  const { sightings, finals } = await playScene([actor], 100);
  expect(sightings.every(({ confidence }) => confidence < 0.5)).toBe(true);
  expect(finals.map(({ text, complete }) => [text, complete])).toEqual([['PP587', false]]);
});

test('A vehicle that leaves the picture is read as it was when its plate was whole', async () => {
  const actor = (n: number) => {
    const x0 = 200 + n * 30;
    const text = x0 + 100 < 640 ? 'PP587AO' : 'PP587';
    return x0 < 600
      ? { box: { x0, y0: 100, x1: Math.min(640, x0 + 100), y1: 130 }, text, confidence: 0.97 }
      : undefined;
  };
  const { sightings } = await playScene([actor], 80);
  expect(new Set(sightings.map(({ text, complete }) => `${text} ${complete}`))).toEqual(new Set(['PP587AO true']));
});

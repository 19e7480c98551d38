import { expect, test } from 'vitest';
import type { Networks } from '../../src/vision/pipeline.ts';
import { drive, playScene } from './scene.ts';

const PLAIN = { a: 1, b: 1, c: 0 };
/** Holds every passage for wrong. */
const DOUBTING = { a: 0, b: 0, c: -9 };

const named = (own: Networks, reader: string, detector = 'd@1'): Networks => ({
  ...own,
  models: { detector, reader, provider: 'cpu' },
});

/** Reads as the scene says, but for letters that its alphabet does not have. */
function withAlphabet(own: Networks, replaced: string, by: string): Networks {
  const { reader } = own;
  const say = (text: string) => text.replaceAll(replaced, by);
  return {
    ...own,
    reader: {
      ...reader,
      read: async (looks) =>
        (await reader.read(looks)).map((one) => ({
          ...one,
          text: say(one.text),
          chars: one.chars.map((char) => char.map(({ char: sign, p }) => ({ char: say(sign), p }))),
          candidates: one.candidates.map(({ text, p }) => ({ text: say(text), p })),
        })),
    },
  };
}

/** One vehicle, read in three looks or more, whose networks change at frame `at`. */
async function play(text: string, at: number, before: (own: Networks) => Networks, after: (own: Networks) => Networks) {
  const vehicle = drive(text, 2, 26);
  const { finals } = await playScene([vehicle], 60, {}, undefined, [], (own, n) => (n < at ? before : after)(own));
  return finals;
}

test('A vehicle that two readers saw is one passage: it names the reader whose looks weigh most and is calibrated as that one', async () => {
  const sure = (own: Networks) => named({ ...own, reader: { ...own.reader, passageCurve: PLAIN } }, 'r@sure');
  const doubting = (own: Networks) =>
    named({ ...own, reader: { ...own.reader, passageCurve: DOUBTING } }, 'r@doubting');
  const late = await play('AB12345', 5, doubting, sure);
  expect(late.map(({ text, models }) => [text, models?.reader])).toEqual([['AB12345', 'r@sure']]);
  expect(late[0]?.confidence).toBeGreaterThan(0.9);
  const early = await play('AB12345', 24, sure, doubting);
  expect(early.map(({ text, models }) => [text, models?.reader])).toEqual([['AB12345', 'r@sure']]);
});

test('Looks of two readers with other alphabets give one passage with one of their texts, and that of the one that says more', async () => {
  const plain = (own: Networks) => named(withAlphabet(own, 'Ä', 'A'), 'r@plain');
  const umlauts = (own: Networks) => named(own, 'r@umlauts');
  const most = await play('ÄB1234', 5, plain, umlauts);
  expect(most.map(({ text, models }) => [text, models?.reader])).toEqual([['ÄB1234', 'r@umlauts']]);
  const least = await play('ÄB1234', 24, plain, umlauts);
  expect(least.map(({ text, models }) => [text, models?.reader])).toEqual([['AB1234', 'r@plain']]);
});

test('A passage goes on when the detector changes, from the score on that the new one is sure of', async () => {
  const first = (own: Networks) => named(own, 'r@1', 'd@first');
  const second = ({ detector, ...own }: Networks) =>
    named(
      {
        ...own,
        detector: {
          // What it is sure of the first one hardly looks at.
          highScore: 0.1,
          detect: async (source) => (await detector.detect(source)).map((one) => ({ ...one, score: 0.3 })),
        },
      },
      'r@1',
      'd@second',
    );
  const finals = await play('AB12345', 12, first, second);
  expect(finals.map(({ text, lastSeenAt }) => [text, lastSeenAt])).toEqual([['AB12345', 1_002_500]]);
  expect(['d@first', 'd@second']).toContain(finals[0]?.models?.detector);
});

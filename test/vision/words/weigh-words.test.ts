import { expect, test } from 'vitest';
import { weighWords } from '../../../src/vision/words/weigh-words.ts';

const shown = [
  { code: 'us-nc', score: 0.3 },
  { code: 'us-sc', score: 0.5 },
  { code: 'gb', score: 0.2 },
];
const read = (letters: number) => [{ letters, ratio: 0 }];
const nothing = [{ letters: 8, ratio: -40 }];

function weigh(words: Readonly<Record<string, Parameters<typeof weighWords>[1][number]['strips']>>) {
  const found = Object.entries(words).map(([region, strips]) => ({ region, strips }));
  return new Map(weighWords(shown, found).map(({ code, score }) => [code, score]));
}

test('A word that is read outweighs the look, and a share of doubt stays', () => {
  // NORTHCAROLINA has 13 letters: its likelihood is exp(2.5 · 13 − 6) against 1.
  const scores = weigh({ 'us-nc': [read(13), nothing], 'us-sc': [nothing, nothing] });
  const doubt = 0.005 / 3;
  const expected = (0.3 * (0.995 + doubt)) / (0.3 * (0.995 + doubt) + 0.7 * doubt);
  expect(scores.get('us-nc')).toBeCloseTo(expected, 6);
  expect([...scores.values()].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
});

test('Words that no region says leave the look as it is', () => {
  const scores = weigh({ 'us-nc': [nothing, nothing], 'us-sc': [nothing, nothing] });
  for (const { code, score } of shown) expect(scores.get(code)).toBeCloseTo(score, 12);
});

test('A state that the look hardly shows is named where its words are clear', () => {
  expect(weigh({ 'us-nm': [read(9), read(17)], 'us-nc': [nothing, nothing] }).get('us-nm')).toBeGreaterThan(0.5);
});

test('The longer of two words decides where one is a part of the other', () => {
  const scores = weigh({ 'us-ks': [read(6), nothing], 'us-ar': [read(8), nothing] });
  expect(scores.get('us-ar')).toBeGreaterThan(20 * (scores.get('us-ks') ?? 1));
});

test('Two strips say more than one', () => {
  const one = weigh({ 'us-nc': [read(5), nothing] }).get('us-nc') ?? 1;
  const two = weigh({ 'us-nc': [read(5), read(5)] }).get('us-nc') ?? 0;
  expect(two).toBeGreaterThan(one);
});

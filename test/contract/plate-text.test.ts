import { expect, test } from 'vitest';
import { foldPlate, listOtherTexts, listSpellings, normalizePlate } from '../../src/contract/plate-text.ts';

test.each([
  ['ab-12 çd·3', 'AB12ÇD3'],
  ['ＡＢＣ１２３', 'ABC123'],
  ['ａｂ　１', 'AB1'],
  ['①②', '12'],
  ['E\u0301A 1', 'ÉA1'],
  ['straße', 'STRASSE'],
  ['品川 330 さ', '品川330さ'],
  ['', ''],
  ['- ·', ''],
])('the plate %j is stored as %j', (text, stored) => {
  expect(normalizePlate(text)).toBe(stored);
});

test('what is normalised stays as it is, whichever character of Unicode it came from', () => {
  const changed: string[] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const normal = normalizePlate(String.fromCodePoint(code));
    if (normalizePlate(normal) !== normal) changed.push(code.toString(16));
  }
  expect(changed).toEqual([]);
});

test('look-alikes become one character, others stay', () => {
  expect(foldPlate('0OQD 1I 2Z 5S 8B 6G')).toBe('0000 11 22 55 88 66');
  expect(foldPlate('ACEFHJKLMNPRTUVWXY3479ÄÖ')).toBe('ACEFHJKLMNPRTUVWXY3479ÄÖ');
});

test('other texts are folded, each once, without the chosen one, the five likeliest alone', () => {
  const texts = ['AB1', 'A81', 'ac 1', 'ＡＣ1', '-', 'AD1', 'AE1'];
  const candidates = texts.map((text) => ({ text, p: 0.1 }));
  expect(listOtherTexts({ text_normalized: 'AB1', candidates })).toEqual(['AC1', 'A01']);
});

test('a search for a text finds it with and without one umlaut', () => {
  expect(listSpellings('DUWAB1')).toEqual(['DUWAB1', 'DÜWAB1', 'DUWÄB1']);
  expect(listSpellings('ÄRGÖ1')).toEqual(['ÄRGÖ1', 'ARGO1', 'ÄRGO1', 'ARGÖ1']);
  expect(listSpellings('XK47')).toEqual(['XK47']);
});

import { dropUmlauts, normalizePlate } from '../contract/plate-text.ts';

/** The true text as far as a reader of this alphabet can say it: umlauts that it lacks as plain letters, other characters left out. */
export function normalizeTruth(text: string, alphabet: string | undefined): string {
  const plain = normalizePlate(text);
  if (alphabet === undefined) return plain;
  const spelled = [...plain].map((char) => (alphabet.includes(char) ? char : dropUmlauts(char)));
  return spelled.filter((char) => alphabet.includes(char)).join('');
}

/** A text that was read, in the form in which it is compared with the truth: umlauts count if the truth has one. */
export function normalizeSaid(text: string, truth: string): string {
  const said = normalizePlate(text);
  return dropUmlauts(truth) === truth ? dropUmlauts(said) : said;
}

/**
 * The text with the letters that many dies and labels do not tell from digits written as digits: O = 0, I = 1. Not `foldPlate`: to
 * measure, a B that is read as 8 is wrong, while a search is to find it.
 */
export function foldText(text: string): string {
  return text.replaceAll('O', '0').replaceAll('I', '1');
}

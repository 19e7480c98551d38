import type { PlateEvent } from './plate-event.ts';

const PLAIN = /^[0-9A-Z]*$/;
const OTHERS = /[^\p{L}\p{N}]/gu;

/** Characters that plates make alike become one: 0OQD, 1I, 2Z, 5S, 8B, 6G. SQL's `fold_plate` is the same table. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  O: '0',
  Q: '0',
  D: '0',
  I: '1',
  Z: '2',
  S: '5',
  B: '8',
  G: '6',
};

/** Each costs an entry in an index; the less likely ones stand in the event alone. */
const MAX_OTHERS = 5;

/** A text in upper case, with full-width and other compatibility forms made plain (Unicode NFKC); spaces and signs stay. */
export function spellPlate(text: string): string {
  return text.normalize('NFKC').toUpperCase();
}

/** The text of a plate as it is stored, searched and compared: what `spellPlate` makes of it, letters and digits alone. */
export function normalizePlate(text: string): string {
  return PLAIN.test(text) ? text : spellPlate(text).replace(OTHERS, '');
}

/** A normalised text with look-alikes as one character, as indices for near texts hold it. */
export function foldPlate(text: string): string {
  let folded = '';
  for (const char of text) folded += foldChar(char);
  return folded;
}

/** One character of a normalised text, folded. */
export function foldChar(char: string): string {
  return LOOK_ALIKES[char] ?? char;
}

/** Umlauts and the letters that registers, readers and people write instead of them. */
const UMLAUTS: Readonly<Record<string, string>> = { Ä: 'A', Ö: 'O', Ü: 'U' };
const UMLAUT = /[ÄÖÜ]/;
const DOTTED: Readonly<Record<string, string>> = { A: 'Ä', O: 'Ö', U: 'Ü' };

/** A normalised text without its umlauts, as it is compared: DÜW and DUW are one. */
export function dropUmlauts(text: string): string {
  return UMLAUT.test(text) ? text.replace(/[ÄÖÜ]/g, (char) => UMLAUTS[char] ?? char) : text;
}

/** The text, the same without umlauts, and the same with each single one that it may have: what a search for it finds. */
export function listSpellings(text: string): readonly string[] {
  const plain = dropUmlauts(text);
  const dotted = [...plain].map((char, at) => plain.slice(0, at) + (DOTTED[char] ?? char) + plain.slice(at + 1));
  return [...new Set([text, plain, ...dotted])];
}

/** Whether plates make two characters alike, or one is the other without dots. */
export function isAlike(one: string, other: string): boolean {
  return shapeOf(one) === shapeOf(other);
}

/** What a character has in common with those that plates make alike. */
export function shapeOf(char: string): string {
  return foldChar(UMLAUTS[char] ?? char);
}

/** The five likeliest other texts of a plate that an event may also be found by, folded, without the chosen one. */
export function listOtherTexts(plate: Pick<PlateEvent['plate'], 'text_normalized' | 'candidates'>): readonly string[] {
  const chosen = foldPlate(normalizePlate(plate.text_normalized));
  const likeliest = plate.candidates.slice(0, MAX_OTHERS + 1).map(({ text }) => foldPlate(normalizePlate(text)));
  return [...new Set(likeliest)].filter((text) => text !== '' && text !== chosen);
}

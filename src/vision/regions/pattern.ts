import { AlprError } from '../errors.ts';
import type { RegionForm } from './region-form.ts';

/** Marks that are drawn or left blank but not read. */
const UNREAD = /[ \-·~#|^]/;

/** One part of a serial: characters or words that may stand there, all of one length and one shape. */
type Part = Readonly<{ shape: string; words: ReadonlySet<string> }>;

/** Words of several characters that stand at a place. */
type Place = Readonly<{ from: number; to: number; words: ReadonlySet<string> }>;

/** Serials of one shape (`LLDDLLL`), each of probability `p`: `masks` says which characters stand where, `places` which words. */
export type Serials = Readonly<{ shape: string; masks: readonly number[]; places: readonly Place[]; p: number }>;

/** L for each letter and D for each digit of a text. */
export function describeShape(text: string): string {
  let shape = '';
  for (const sign of text) shape += isDigit(sign) ? 'D' : 'L';
  return shape;
}

/** One bit for each character of a text: 26 letters and, at digits, 10. */
export function toBits(text: string): number[] {
  return [...text].map(toBit);
}

/**
 * The serials that a pattern stands for, each kind of shape apart; their probabilities sum to 1. A place with letters and digits,
 * or a word of several lengths, gives one kind for each. Throws `INPUT_INVALID` where a mark has no meaning.
 */
export function expandPattern(marks: string, form: RegionForm): Serials[] {
  let grown: Serials[] = [{ shape: '', masks: [], places: [], p: 1 }];
  for (const mark of marks) {
    if (UNREAD.test(mark)) continue;
    const words = findWords(mark, marks, form);
    const kinds = groupByShape(words);
    grown = grown.flatMap((serials) => kinds.map((part) => append(serials, part, words.length)));
  }
  return grown;
}

/** Whether a text of the right shape is one of these serials; `bits` are those of the text. */
export function matchSerials({ masks, places }: Serials, text: string, bits: readonly number[]): boolean {
  for (let at = 0; at < masks.length; at += 1) if ((masks[at] & bits[at]) === 0) return false;
  for (const { from, to, words } of places) if (!words.has(text.slice(from, to))) return false;
  return true;
}

/** The text with the umlauts of the words in it; `umlauts` has them by the word in plain letters. */
export function dotWords({ places }: Serials, text: string, umlauts: ReadonlyMap<string, string>): string {
  return places.reduce((written, { from, to }) => {
    const word = written.slice(from, to);
    return written.slice(0, from) + (umlauts.get(word) ?? word) + written.slice(to);
  }, text);
}

function append({ shape, masks, places, p }: Serials, part: Part, kinds: number): Serials {
  const from = shape.length;
  const to = from + part.shape.length;
  const signs = [...part.shape].map((_, at) => [...part.words].reduce((mask, word) => mask | toBit(word[at]), 0));
  const place = { from, to, words: part.words };
  return {
    shape: shape + part.shape,
    masks: [...masks, ...signs],
    places: part.shape.length > 1 ? [...places, place] : places,
    p: p / kinds,
  };
}

function isDigit(sign: string): boolean {
  return sign >= '0' && sign <= '9';
}

function toBit(sign: string): number {
  return 1 << (sign.charCodeAt(0) - (isDigit(sign) ? 48 : 65));
}

function findWords(mark: string, marks: string, { region, letters, sets }: RegionForm): readonly string[] {
  const set = sets[mark] ?? (mark === 'L' ? letters : mark === 'D' ? '0123456789' : undefined);
  if (set !== undefined) return [...new Set(set)];
  if (/[a-z0-9]/.test(mark)) return [mark.toUpperCase()];
  const message = `The pattern "${marks}" of ${region} has the mark "${mark}", expected L, D, a small letter, a digit or one of its sets [${Object.keys(sets)}].`;
  throw new AlprError('INPUT_INVALID', message);
}

function groupByShape(words: readonly string[]): Part[] {
  const shapes = Map.groupBy(words, describeShape);
  return [...shapes].map(([shape, same]) => ({ shape, words: new Set(same) }));
}

import { VisionError } from '../vision-error.ts';
import type { RegionForm } from './region-form.ts';

/** Marks that are drawn or left blank but not read. */
const UNREAD = /[ \-·~#|^]/;

/** One part of a serial: characters or words that may stand there, all of one length and one shape. */
type Part = Readonly<{ shape: string; words: ReadonlySet<string>; length: number }>;

/** Serials of one shape (`LLDDLLL`), each of probability `p`: one of each part's words after the other. */
export type Serials = Readonly<{ shape: string; parts: readonly Part[]; p: number }>;

/** L for each letter and D for each digit of a text. */
export function describeShape(text: string): string {
  return text.replaceAll(/[^0-9]/g, 'L').replaceAll(/[0-9]/g, 'D');
}

/**
 * The serials that a pattern stands for, each kind of shape apart; their probabilities sum to 1. A place with letters and digits,
 * or a word of several lengths, gives one kind for each. Throws `INPUT_INVALID` where a mark has no meaning.
 */
export function expandPattern(marks: string, form: RegionForm): Serials[] {
  let grown: Serials[] = [{ shape: '', parts: [], p: 1 }];
  for (const mark of marks) {
    if (UNREAD.test(mark)) continue;
    const words = findWords(mark, marks, form);
    const kinds = groupByShape(words);
    grown = grown.flatMap((serials) =>
      kinds.map((part) => ({
        shape: serials.shape + part.shape,
        parts: [...serials.parts, part],
        p: serials.p / words.length,
      })),
    );
  }
  return grown;
}

/** Whether a text of the right shape is one of these serials. */
export function matchSerials({ parts }: Serials, text: string): boolean {
  let at = 0;
  for (const { words, length } of parts) {
    if (!words.has(text.slice(at, at + length))) return false;
    at += length;
  }
  return true;
}

function findWords(mark: string, marks: string, { region, letters, sets }: RegionForm): readonly string[] {
  const set = sets[mark] ?? (mark === 'L' ? letters : mark === 'D' ? '0123456789' : undefined);
  if (set !== undefined) return [...new Set(set)];
  if (/[a-z0-9]/.test(mark)) return [mark.toUpperCase()];
  const message = `The pattern "${marks}" of ${region} has the mark "${mark}", expected L, D, a small letter, a digit or one of its sets [${Object.keys(sets)}].`;
  throw new VisionError('INPUT_INVALID', message);
}

function groupByShape(words: readonly string[]): Part[] {
  const shapes = Map.groupBy(words, describeShape);
  return [...shapes].map(([shape, same]) => ({ shape, words: new Set(same), length: shape.length }));
}

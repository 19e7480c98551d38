import type { PlateEvent } from '../../contract/plate-event.ts';
import { normalizePlate } from '../../contract/plate-text.ts';
import { rankAlternatives } from '../parts/plate-chars.ts';

type Plate = PlateEvent['plate'];

/** One character of a draft: the sign that stands there now, and what the machine offers in its place, its own choice first. */
export type DraftSign = Readonly<{ c: string; options: Plate['chars'][number]['alt'] }>;

/** The text of a read while a person looks at it, with the character that the keys act on. */
export type Draft = Readonly<{ signs: readonly DraftSign[]; at: number }>;

/** Most alternatives that have a key. */
const MOST_OPTIONS = 6;

/** Begins with what is read now, at its most doubtful character. */
export function startDraft({ chars, text_normalized: text }: Plate): Draft {
  const isOwn = normalizePlate(chars.map(({ c }) => c).join('')) === text;
  if (!isOwn) return { signs: toSigns(text), at: 0 };
  const signs = chars.map((char) => {
    const options = [{ c: char.c, p: char.p }, ...rankAlternatives(char)].slice(0, MOST_OPTIONS);
    return { c: char.c, options };
  });
  const doubts = chars.map(({ p }) => p);
  return { signs, at: Math.max(0, doubts.indexOf(Math.min(...doubts))) };
}

/** What the draft says, as it would be stored. */
export function readDraft({ signs }: Draft): string {
  return normalizePlate(signs.map(({ c }) => c).join(''));
}

/** Goes to the next character or to the one before. */
export function moveDraft(draft: Draft, by: 1 | -1): Draft {
  return { ...draft, at: Math.min(Math.max(draft.at + by, 0), Math.max(0, draft.signs.length - 1)) };
}

/** Puts one of the offered signs in place of the character; an offer that there is not changes nothing. */
export function chooseOption(draft: Draft, option: number): Draft {
  const chosen = draft.signs[draft.at]?.options[option];
  if (chosen === undefined) return draft;
  return { ...draft, signs: draft.signs.map((sign, index) => (index === draft.at ? { ...sign, c: chosen.c } : sign)) };
}

/** Takes over a text that was typed; where it has as many characters as before, the offers stay. */
export function writeDraft(draft: Draft, text: string): Draft {
  const written = toSigns(normalizePlate(text));
  const isAsLong = written.length === draft.signs.length;
  const signs = isAsLong ? draft.signs.map((sign, index) => ({ ...sign, c: written[index]?.c ?? '' })) : written;
  return { signs, at: Math.min(draft.at, Math.max(0, signs.length - 1)) };
}

function toSigns(text: string): readonly DraftSign[] {
  return [...text].map((c) => ({ c, options: [] }));
}

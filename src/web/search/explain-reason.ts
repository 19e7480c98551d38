import { nameIn, spellOut, type Words } from '../words.ts';

/** A `Reason` of the contract, or one of a newer server that a page left open does not know. */
type ToldReason = Readonly<{ kind: string; distance?: number; detail?: string | null }>;

/** What the API's details are made of, each in English. */
const EXCHANGED = /(\S+↔\S+) at (\d+)/g;
const MISSING = /(\S+) missing at (\d+)/g;
const ADDED = /(\S+) added at (\d+)/g;
const CANDIDATE = /^read as (\S+), (\S+) was also possible/;
const CORRECTED = /^read as (\S+), corrected to ([^\s,]+)/;

/** Why an event was found, in words: "look-alike 8↔B at 3", "1 edit: X↔Y at 2", "starts with it". */
export function explainReason({ kind, distance, detail }: ToldReason, words: Words): string {
  const { t, number } = words;
  const told = tellDetail(detail ?? '', words);
  if (kind === 'lookalike') return `${t.search.lookalike} ${told}`.trim();
  if (kind === 'edit' && distance !== undefined) {
    const edits = t.search.edits(distance, number(distance));
    return told === '' ? edits : `${edits}: ${told}`;
  }
  return nameIn(t.search.reasons, kind) ?? (told || spellOut(kind));
}

function tellDetail(detail: string, { t }: Words): string {
  const { exchanged, missing, added, candidate, corrected } = t.search.differences;
  return detail
    .replaceAll(EXCHANGED, (_, pair: string, place: string) => exchanged(pair, place))
    .replaceAll(MISSING, (_, sign: string, place: string) => missing(sign, place))
    .replaceAll(ADDED, (_, sign: string, place: string) => added(sign, place))
    .replace(CANDIDATE, (_, text: string, other: string) => candidate(text, other))
    .replace(CORRECTED, (_, text: string, other: string) => corrected(text, other));
}

import type { RegionKnowledge } from '../regions/region-answer.ts';
import type { CharDistribution, Reading, TextCandidate } from './reading.ts';
import { spellReading, writeReading } from './spell-reading.ts';

/**
 * The same reading with its candidates ordered by how plates are numbered, cut to `maxCandidates`; what the network alone said stays
 * in `evidence`, for fusion must not count the numbering once for each look.
 */
export function rankReading(reading: Reading, knowledge: RegionKnowledge, maxCandidates: number): Reading {
  const { text, chars, confidence, candidates } = reading;
  const answer = knowledge.judge({ candidates, shown: reading.regions ?? [] });
  const [best] = answer.candidates;
  if (best === undefined) return reading;
  const ranked: Reading = {
    ...reading,
    text: best.text,
    chars: weighChars(reading, answer.candidates),
    confidence: best.p,
    candidates: answer.candidates.slice(0, maxCandidates),
    ...(answer.region ? { region: answer.region } : {}),
    matchesFormat: answer.matchesFormat,
    ...(answer.isWholeInLatin && reading.unread !== undefined ? { unread: 0 } : {}),
    evidence: { text, chars, confidence, candidates },
  };
  if (answer.written !== undefined) return writeReading(ranked, answer.written);
  return answer.spelling ? spellReading(ranked, answer.spelling) : ranked;
}

/** Distributions of the characters of the first candidate: each is moved as far as the candidates that carry it were. */
export function weighChars(before: Reading, after: readonly TextCandidate[]): readonly CharDistribution[] {
  const length = after[0].text.length;
  const known = before.text.length === length ? before.chars : undefined;
  return [...after[0].text].map((char, place) => {
    const now = addUp(after, place, length);
    const then = known ? addUp(before.candidates, place, length) : now;
    const shares = known?.[place] ?? [...now].map(([other, p]) => ({ char: other, p }));
    const moved = shares.map(({ char: other, p }) => {
      const [a, b] = [now.get(other) ?? 0, then.get(other) ?? 0];
      return { char: other, p: b > 0 ? (p * a) / b : p };
    });
    if (!moved.some((entry) => entry.char === char)) moved.push({ char, p: now.get(char) ?? 0 });
    const room =
      shares.reduce((sum, { p }) => sum + p, 0) /
      Math.max(
        1e-9,
        moved.reduce((sum, { p }) => sum + p, 0),
      );
    return moved
      .map((entry) => ({ char: entry.char, p: Math.min(1, entry.p * room) }))
      .sort((a, b) => b.p - a.p || (a.char < b.char ? -1 : 1));
  });
}

function addUp(candidates: readonly TextCandidate[], place: number, length: number): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { text, p } of candidates) {
    if (text.length === length) sums.set(text[place], (sums.get(text[place]) ?? 0) + p);
  }
  const all = [...sums.values()].reduce((sum, p) => sum + p, 0);
  return new Map([...sums].map(([char, p]) => [char, all > 0 ? p / all : 0]));
}

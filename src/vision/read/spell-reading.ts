import { type Spelling, spellText } from '../regions/spelling.ts';
import type { CharDistribution, Reading, TextCandidate } from './reading.ts';

/** The reading in this spelling: texts and characters that become one share their probability; `seen` keeps what was seen. */
export function spellReading(reading: Reading, spelling: Spelling): Reading {
  const text = spellText(reading.text, spelling);
  if (text === reading.text) return reading;
  const candidates = mergeTexts(reading.candidates, spelling);
  return {
    ...reading,
    text,
    seen: reading.text,
    chars: reading.chars.map((distribution) => mergeChars(distribution, spelling)),
    confidence: candidates.find((candidate) => candidate.text === text)?.p ?? reading.confidence,
    candidates,
  };
}

/** The reading with its first text spelt differently, character by character; `seen` keeps what was seen. */
export function writeReading(reading: Reading, text: string): Reading {
  const [first, ...others] = reading.candidates;
  const chars = reading.chars.map((distribution, at) =>
    distribution.map((entry) => (entry.char === reading.text[at] ? { ...entry, char: text[at] } : entry)),
  );
  return { ...reading, text, seen: reading.text, chars, candidates: [{ ...first, text }, ...others] };
}

function mergeTexts(candidates: readonly TextCandidate[], spelling: Spelling): readonly TextCandidate[] {
  const sums = new Map<string, number>();
  for (const { text, p } of candidates) {
    const spelled = spellText(text, spelling);
    sums.set(spelled, (sums.get(spelled) ?? 0) + p);
  }
  return [...sums].map(([text, p]) => ({ text, p: Math.min(1, p) })).sort((a, b) => b.p - a.p);
}

function mergeChars(distribution: CharDistribution, spelling: Spelling): CharDistribution {
  const sums = new Map<string, number>();
  for (const { char, p } of distribution) {
    const spelled = spelling[char] ?? char;
    sums.set(spelled, (sums.get(spelled) ?? 0) + p);
  }
  return [...sums].map(([char, p]) => ({ char, p: Math.min(1, p) })).sort((a, b) => b.p - a.p);
}

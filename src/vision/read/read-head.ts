import type { ReaderOptions } from '../options/reader.ts';
import { alignCtc, findCtcCandidates, scoreCtc } from './decode-ctc.ts';
import { alignSlots, findSlotCandidates, scoreSlots } from './decode-slots.ts';
import { type Alphabet, type HeadOutput, type LabelCandidate, spell } from './head.ts';
import { listAlternatives } from './list-alternatives.ts';
import type { Reading } from './reading.ts';

/** How one kind of head is understood. */
type HeadKind = Readonly<{
  find(head: HeadOutput, beamWidth: number): readonly LabelCandidate[];
  /** Logarithm of the probability of a text. */
  score(head: HeadOutput, labels: readonly number[]): number;
  /** The row of each character of a text. */
  align(head: HeadOutput, labels: readonly number[]): readonly number[] | undefined;
}>;

const KINDS = {
  ctc: { find: findCtcCandidates, score: scoreCtc, align: alignCtc },
  slots: { find: findSlotCandidates, score: scoreSlots, align: alignSlots },
} as const satisfies Record<string, HeadKind>;

/** What a network with one head said about one plate; class 0 of the head is "no character", then the alphabet. */
export type SingleHead = Readonly<{
  kind: keyof typeof KINDS;
  head: HeadOutput;
  alphabet: Alphabet;
  /** Divides the logarithms of probabilities: above 1 flattens, below 1 sharpens. */
  temperature: number;
}>;

/** A Reading of one head, and the row of each of its characters where they can be placed. */
export type HeadReading = Readonly<{ reading: Reading; places: readonly number[] | undefined }>;

/** Candidates by beam, each scored exactly over all its alignments; the confidence is the share of the best in all probability. */
export function readHead(single: SingleHead, options: ReaderOptions): HeadReading {
  const { head, alphabet, temperature } = single;
  const kind: HeadKind = KINDS[single.kind];
  let rest = 1;
  const scored = kind.find(head, options.beamWidth).map(({ labels }) => {
    const logP = kind.score(head, labels);
    rest -= Math.exp(logP);
    return { labels, score: Math.exp(logP / temperature) };
  });
  scored.sort((a, b) => b.score - a.score || (a.labels.join() < b.labels.join() ? -1 : 1));
  const total = scored.reduce((sum, { score }) => sum + score, Math.max(0, rest) ** (1 / temperature));
  const candidates = scored
    .slice(0, options.maxCandidates)
    .map(({ labels, score }) => ({ text: spell(labels, alphabet), p: total > 0 ? score / total : 0 }));
  const { labels } = scored[0];
  const places = kind.align(head, labels);
  const chars = labels.map((label, index) => {
    if (!places) return [{ char: spell([label], alphabet), p: candidates[0].p }];
    const row = head.data.subarray(places[index] * head.classes, (places[index] + 1) * head.classes);
    return listAlternatives({ probabilities: row, chosen: label, alphabet, most: options.maxAlternatives });
  });
  return {
    reading: { text: candidates[0].text, chars, confidence: candidates[0].p, candidates, lines: 1 },
    places,
  };
}

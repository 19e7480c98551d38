import type { ReaderOptions } from '../options.ts';
import { alignCtc, countLines, findCtcCandidates, findSegments, scoreCtc } from './decode-ctc.ts';
import { alignSlots, findSlotCandidates, readSlots, scoreSlots } from './decode-slots.ts';
import { type Alphabet, type HeadOutput, LOG_ZERO, spell } from './head.ts';
import type { CharDistribution, CharProbability, Reading, TextCandidate } from './reading.ts';

/** What both heads said about one plate, and how to weigh it. */
export type Heads = Readonly<{
  slots: HeadOutput;
  ctc: HeadOutput;
  alphabet: Alphabet;
  /** Divides the logarithms of probabilities: above 1 flattens, below 1 sharpens. From the model's calibration. */
  temperature: number;
}>;

type Scored = Readonly<{ labels: readonly number[]; score: number }>;

/**
 * One Reading from both heads: each candidate of either is scored exactly by both, and the weighted geometric mean of the two
 * probabilities ranks them. Where the heads agree both factors are high; where they differ the mass is shared and confidence falls.
 */
export function combineHeads(heads: Heads, options: ReaderOptions): Reading {
  const segments = findSegments(heads.ctc);
  const twoLines =
    countLines(
      segments.map((segment) => segment.first),
      heads.ctc.rows,
    ) === 2;
  const long = twoLines || Math.max(segments.length, readSlots(heads.slots).length) >= options.longText;
  const weight = long ? options.ctcWeightLong : options.ctcWeight;
  const { scored, rest } = scoreCandidates(heads, weight, options.beamWidth);
  const total = scored.reduce((sum, { score }) => sum + score, rest);
  const candidates: TextCandidate[] = scored
    .slice(0, options.maxCandidates)
    .map(({ labels, score }) => ({ text: spell(labels, heads.alphabet), p: total > 0 ? score / total : 0 }));
  const labels = scored[0].labels;
  const places = alignCtc(heads.ctc, labels);
  return {
    text: candidates[0].text,
    chars: describeChars({ heads, labels, places, weight, most: options.maxAlternatives }),
    confidence: candidates[0].p,
    candidates,
    lines: places ? countLines(places, heads.ctc.rows) : 1,
  };
}

function scoreCandidates(heads: Heads, weight: number, beamWidth: number): { scored: Scored[]; rest: number } {
  const found = [...findSlotCandidates(heads.slots, beamWidth), ...findCtcCandidates(heads.ctc, beamWidth)];
  const texts = new Map(found.map(({ labels }) => [labels.join(), labels]));
  let slotsRest = 1;
  let ctcRest = 1;
  const scored = [...texts.values()].map((labels) => {
    const inSlots = labels.length > heads.slots.rows ? LOG_ZERO : scoreSlots(heads.slots, labels);
    const inCtc = scoreCtc(heads.ctc, labels);
    slotsRest -= Math.exp(inSlots);
    ctcRest -= Math.exp(inCtc);
    // A text longer than there are slots is a matter of the other head alone.
    const mixed = labels.length > heads.slots.rows ? inCtc : (1 - weight) * inSlots + weight * inCtc;
    return { labels, score: Math.exp(mixed / heads.temperature) };
  });
  scored.sort((a, b) => b.score - a.score || (a.labels.join() < b.labels.join() ? -1 : 1));
  const rest = Math.max(0, slotsRest) ** (1 - weight) * Math.max(0, ctcRest) ** weight;
  return { scored, rest: rest ** (1 / heads.temperature) };
}

type CharJob = Readonly<{
  heads: Heads;
  labels: readonly number[];
  places: readonly number[] | undefined;
  weight: number;
  most: number;
}>;

/** Per character the mixture of both heads' distributions where they saw it; the chosen character leads. */
function describeChars({ heads, labels, places, weight, most }: CharJob): CharDistribution[] {
  const slotPlaces = alignSlots(heads.slots, labels);
  const { classes } = heads.slots;
  return labels.map((label, index) => {
    const mixed = new Float64Array(classes);
    if (slotPlaces) addRow(mixed, heads.slots, slotPlaces[index], places ? 1 - weight : 1);
    if (places) addRow(mixed, heads.ctc, places[index], slotPlaces ? weight : 1);
    return listAlternatives(mixed, label, heads.alphabet, most);
  });
}

function addRow(sum: Float64Array, head: HeadOutput, row: number, weight: number): void {
  for (let c = 0; c < head.classes; c += 1) sum[c] += weight * head.data[row * head.classes + c];
}

function listAlternatives(mixed: Float64Array, label: number, alphabet: Alphabet, most: number): CharProbability[] {
  return [...mixed.entries()]
    .filter(([c, p]) => c === label || p >= 0.001)
    .sort(([a, p], [b, q]) => q - p || a - b)
    .slice(0, most)
    .map(([c, p]) => ({ char: c === 0 ? '' : alphabet[c - 1], p }));
}

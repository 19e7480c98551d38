import type { ReaderOptions } from '../options/reader.ts';
import { alignCtc, countLines, findCtcCandidates, findSegments } from './decode-ctc.ts';
import { alignSlots, findSlotCandidates, readSlots } from './decode-slots.ts';
import { findVariants } from './find-variants.ts';
import { type Alphabet, type HeadOutput, spell } from './head.ts';
import { listAlternatives } from './list-alternatives.ts';
import type { Reading, TextCandidate } from './reading.ts';
import { TextScores } from './score-texts.ts';

/** What both heads said about one plate, and how to weigh it. */
export type Heads = Readonly<{
  slots: HeadOutput;
  ctc: HeadOutput;
  alphabet: Alphabet;
  /** Divides the logarithms of probabilities: above 1 flattens, below 1 sharpens. From the model's calibration. */
  temperature: number;
}>;

/** How candidates for the patterns of regions are found besides those of the beams: see `RegionOptions`. */
export type Variants = Readonly<{ minCharShare: number; maxVariants: number }>;

/**
 * One Reading from both heads: each candidate of either is scored exactly by both, and the weighted geometric mean of the two
 * probabilities ranks them. Where the heads agree both factors are high; where they differ the mass is shared and confidence falls.
 * With `variants` all candidates are kept, also those put together from alternatives of single characters.
 */
export function combineHeads(heads: Heads, options: ReaderOptions, variants?: Variants): Reading {
  const weight = weighCtc(heads, options);
  const scores = new TextScores({ ...heads, weight });
  for (const { labels } of findSlotCandidates(heads.slots, options.beamWidth)) scores.add(labels);
  for (const { labels } of findCtcCandidates(heads.ctc, options.beamWidth)) scores.add(labels);
  let { labels } = scores.rank()[0];
  let { mixtures, places } = mixChars({ heads, labels, weight });
  if (variants) for (const variant of findVariants(mixtures, variants)) scores.add(variant);
  const scored = scores.rank();
  if (scored[0].labels !== labels) {
    labels = scored[0].labels;
    ({ mixtures, places } = mixChars({ heads, labels, weight }));
  }
  const total = scored.reduce((sum, { score }) => sum + score, scores.rest);
  const candidates: TextCandidate[] = scored
    .slice(0, variants ? undefined : options.maxCandidates)
    .map((text) => ({ text: spell(text.labels, heads.alphabet), p: total > 0 ? text.score / total : 0 }));
  return {
    text: candidates[0].text,
    chars: mixtures.map((probabilities, index) =>
      listAlternatives({
        probabilities,
        chosen: labels[index],
        alphabet: heads.alphabet,
        most: options.maxAlternatives,
      }),
    ),
    confidence: candidates[0].p,
    candidates,
    lines: places ? countLines(places, heads.ctc.rows) : 1,
  };
}

/** Share of the CTC head: more on two-line plates and long texts. */
function weighCtc({ slots, ctc }: Heads, options: ReaderOptions): number {
  const segments = findSegments(ctc);
  const firsts = segments.map((segment) => segment.first);
  const long =
    countLines(firsts, ctc.rows) === 2 || Math.max(segments.length, readSlots(slots).length) >= options.longText;
  return long ? options.ctcWeightLong : options.ctcWeight;
}

type CharJob = Readonly<{ heads: Heads; labels: readonly number[]; weight: number }>;

/** Per character of a text the mixture of both heads' distributions where they saw it; `places` are columns of the CTC head. */
function mixChars({ heads, labels, weight }: CharJob) {
  const slotPlaces = alignSlots(heads.slots, labels);
  const places = alignCtc(heads.ctc, labels);
  const mixtures = labels.map((_, index) => {
    const mixed = new Float64Array(heads.slots.classes);
    if (slotPlaces) addRow(mixed, heads.slots, slotPlaces[index], places ? 1 - weight : 1);
    if (places) addRow(mixed, heads.ctc, places[index], slotPlaces ? weight : 1);
    return mixed;
  });
  return { mixtures, places };
}

function addRow(sum: Float64Array, head: HeadOutput, row: number, weight: number): void {
  for (let c = 0; c < head.classes; c += 1) sum[c] += weight * head.data[row * head.classes + c];
}

import { describeFreeText, type FreeText, measureFreeText } from './free-text.ts';
import { describeShape, dotWords, expandPattern, matchSerials, type Serials, toBits } from './pattern.ts';
import { toPlainLetter } from './plain-letter.ts';
import type { RegionForm } from './region-form.ts';
import type { Spelling } from './spelling.ts';

type Entry = Serials & Readonly<{ region: number }>;

/** One way in which free texts of several regions are alike; `share` is by region, 0 for the others. */
type Free = Readonly<{ text: FreeText; share: Float64Array }>;

/** All regions' patterns, ready to be asked how probable a text is in each. Made by {@link compileSyntax}. */
export type Syntax = Readonly<{
  /** Codes in the order of all distributions over regions. */
  regions: readonly string[];
  /** How common each region is where nothing else is known; sums to 1. */
  weights: Float64Array;
  entries: ReadonlyMap<string, readonly Entry[]>;
  free: readonly Free[];
  /** How each region writes texts of the owner's choice, in the order of `regions`. */
  spellings: readonly (Spelling | undefined)[];
  /** Words with umlauts of each region that has them, by the word in plain letters. */
  umlauts: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Regions whose plates show the whole number in Latin letters and digits beside another script. */
  latin: ReadonlySet<string>;
}>;

/** How probable one text is in each region: `issued` by the patterns alone, `all` with texts of the owner's choice. */
export type TextChances = Readonly<{ issued: Float64Array; all: Float64Array }>;

/** The alphabet and the longest text can be made small, to count by hand. */
type Range = Readonly<{ signs?: string; lengths?: readonly number[] }>;

/** Compiles the patterns of all forms. Throws `INPUT_INVALID` for a pattern that means nothing. */
export function compileSyntax(forms: readonly RegionForm[], range: Range = {}): Syntax {
  const regions = [...new Set(forms.map(({ region }) => region))].sort();
  const weights = new Float64Array(regions.length);
  for (const { region, weight } of forms) weights[regions.indexOf(region)] += weight;
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const entries: Entry[] = [];
  const free = new Map<string, Free>();
  for (const form of forms) {
    const region = regions.indexOf(form.region);
    const share = form.weight / weights[region];
    entries.push(...listEntries(form, region, share));
    const key = JSON.stringify(form.readAs);
    const known = free.get(key) ?? {
      text: describeFreeText(form.readAs, range.signs, range.lengths),
      share: new Float64Array(regions.length),
    };
    known.share[region] += share * form.freeShare;
    free.set(key, known);
  }
  return {
    regions,
    weights: weights.map((weight) => weight / all),
    entries: Map.groupBy(entries, ({ shape }) => shape),
    free: [...free.values()],
    spellings: regions.map((region) => forms.find((form) => form.region === region && form.writtenAs)?.writtenAs),
    umlauts: new Map(
      forms.flatMap(({ region, umlauts = [] }) =>
        umlauts.length > 0 ? [[region, new Map(umlauts.map((word) => [toPlainLetter(word), word]))] as const] : [],
      ),
    ),
    latin: new Set(forms.flatMap(({ region, latinSuffices }) => (latinSuffices ? [region] : []))),
  };
}

function listEntries(form: RegionForm, region: number, share: number): Entry[] {
  const total = form.patterns.reduce((sum, { weight }) => sum + weight, 0);
  return form.patterns.flatMap(({ marks, weight }) =>
    expandPattern(marks, form).map((serials) => ({
      ...serials,
      region,
      p: (serials.p * share * (1 - form.freeShare) * weight) / total,
    })),
  );
}

/** Probability of exactly this text in each region. */
export function measureText({ regions, entries, free }: Syntax, text: string): TextChances {
  const issued = new Float64Array(regions.length);
  const bits = toBits(text);
  for (const entry of entries.get(describeShape(text)) ?? []) {
    if (matchSerials(entry, text, bits)) issued[entry.region] += entry.p;
  }
  const all = issued.slice();
  for (const { text: kind, share } of free) {
    const p = measureFreeText(kind, text);
    for (let region = 0; region < all.length; region += 1) all[region] += p * share[region];
  }
  return { issued, all };
}

/** The text with the umlauts that a region's registers write; unchanged if its patterns leave that open. */
export function writeUmlauts({ regions, entries, umlauts }: Syntax, region: string, text: string): string {
  const words = umlauts.get(region);
  if (!words || toPlainLetter(text) !== text) return text;
  const bits = toBits(text);
  const issued = (entries.get(describeShape(text)) ?? []).filter(
    (entry) => regions[entry.region] === region && matchSerials(entry, text, bits),
  );
  const [written = text, ...others] = new Set(issued.map((entry) => dotWords(entry, text, words)));
  return others.length > 0 ? text : written;
}

/** Logarithm of how many texts have the shape of this one: 26 for each letter, 10 for each digit. */
export function measureShapeSize(text: string): number {
  let size = 0;
  for (const sign of text) size += sign >= '0' && sign <= '9' ? Math.LN10 : Math.log(26);
  return size;
}

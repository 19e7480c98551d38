import { REGION_DEFAULTS, type RegionOptions } from '../options/regions.ts';
import type { TextCandidate } from '../read/reading.ts';
import { toPlainLetter } from './plain-letter.ts';
import type { RegionKnowledge } from './region-answer.ts';
import type { RegionForm } from './region-form.ts';
import { combineRegions, coversRegion, expectRegions, type RegionScore } from './region-prior.ts';
import type { Spelling } from './spelling.ts';
import { compileSyntax, measureShapeSize, measureText, type Syntax, type TextChances, writeUmlauts } from './syntax.ts';

/** Below this share of the best a candidate says nothing about the region. */
const NEGLIGIBLE = 0.01;
/**
 * From this share on the look of a plate alone says its region: the five plates of the Emirates among the held-out photographs have at least
 * 0.992, made-up plates with made-up signs at most 0.95.
 */
const SURE_OF_SIGHT = 0.98;

/** Compiles the patterns of all forms for use with these options. */
export function createRegionKnowledge(
  forms: readonly RegionForm[],
  options: RegionOptions = REGION_DEFAULTS,
): RegionKnowledge {
  const syntax = compileSyntax(forms);
  const prior = expectRegions(syntax, options);
  return {
    variants: { minCharShare: options.minCharShare, maxVariants: options.maxVariants },
    words: new Map(forms.flatMap(({ region, words = [] }) => (words.length > 0 ? [[region, words] as const] : []))),
    judge({ candidates, shown }) {
      if (candidates.length === 0) return { candidates, matchesFormat: false };
      const chances = new Map(candidates.map(({ text }) => [text, measureText(syntax, keepSigns(text))]));
      const view = { shown, doubt: options.doubt };
      const believed = combineRegions(syntax, prior, { ...view, sharpness: 1 / options.temperature });
      const ranked = rankTexts(candidates, (text) => {
        const p = dot(believed, (chances.get(text) as TextChances).all);
        return options.weight * (Math.log(Math.max(p, Number.MIN_VALUE)) + measureShapeSize(keepSigns(text)));
      });
      const pictured = combineRegions(syntax, prior, { ...view, sharpness: options.pictureWeight });
      const shares = shareRegions(ranked, chances, pictured);
      const { issued, all } = chances.get(ranked[0].text) as TextChances;
      const fits = issued.reduce((sum, p, index) => sum + shares[index] * share(p, all[index]), 0);
      const region = chooseRegion(syntax.regions, shares, options.minScore);
      const spelling = options.asRegistered
        ? chooseSpelling(syntax, shares, (index) => 1 - share(issued[index], all[index]))
        : undefined;
      const [{ text }] = ranked;
      // Letters of another script would be missing where only digits were read.
      const matchesFormat = fits >= 0.5;
      const isLatinOf = (code: string) =>
        syntax.latin.has(code) && shown.some((one) => one.code === code && one.score >= SURE_OF_SIGHT);
      const isWholeInLatin = matchesFormat && region && isLatinOf(region.code) && /[A-Z]/.test(text);
      const written = options.asRegistered && region ? writeUmlauts(syntax, region.code, text) : text;
      return {
        candidates: ranked,
        ...(region ? { region } : {}),
        ...(written === text ? {} : { written }),
        ...(spelling ? { spelling } : {}),
        matchesFormat,
        ...(isWholeInLatin ? { isWholeInLatin } : {}),
      };
    },
  };
}

/**
 * Multiplies each probability by the exponential of what the syntax says of the text. "Nothing" and texts not listed count as the listed
 * ones do on average, so that a confidence stays one: it rises where rivals are unlikely numbers, not because a text is a likely one.
 */
function rankTexts(candidates: readonly TextCandidate[], say: (text: string) => number): TextCandidate[] {
  const texts = candidates.filter(({ text, p }) => text !== '' && p > 0);
  const said = texts.map(({ text }) => say(text));
  const most = Math.max(...said);
  const products = texts.map(({ p }, index) => p * Math.exp(said[index] - most));
  const listed = texts.reduce((sum, { p }) => sum + p, 0);
  const total = products.reduce((sum, product) => sum + product, 0);
  const others = candidates.filter((candidate) => !texts.includes(candidate));
  return [...texts.map(({ text }, index) => ({ text, p: (products[index] * listed) / total })), ...others].sort(
    (a, b) => b.p - a.p || (a.text < b.text ? -1 : 1),
  );
}

/** How probable each region is given the texts; sums to 1. */
function shareRegions(
  ranked: readonly TextCandidate[],
  chances: ReadonlyMap<string, TextChances>,
  believed: Float64Array,
): Float64Array {
  const shares = new Float64Array(believed.length);
  for (const { text, p } of ranked) {
    if (p < NEGLIGIBLE * ranked[0].p) break;
    const { all } = chances.get(text) as TextChances;
    const total = dot(believed, all);
    if (total > 0) for (const [index, chance] of all.entries()) shares[index] += (p * believed[index] * chance) / total;
  }
  const sum = shares.reduce((total, share) => total + share, 0);
  return sum > 0 ? shares.map((share) => share / sum) : shares;
}

/** The likeliest region; where its states share the probability, their country. None below `minScore`. */
function chooseRegion(regions: readonly string[], shares: Float64Array, minScore: number): RegionScore | undefined {
  const scores = [...shares.entries()].map(([index, score]) => ({ code: regions[index], score }));
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
  if (best.score >= minScore) return best;
  const country = best.code.split('-')[0];
  const score = scores.reduce((sum, one) => sum + (coversRegion(country, one.code) ? one.score : 0), 0);
  return score >= minScore ? { code: country, score } : undefined;
}

/** The spelling of the regions that the text is likelier from than not; `free` is the share of a region's chance that no pattern explains. */
function chooseSpelling(
  { spellings }: Syntax,
  shares: Float64Array,
  free: (index: number) => number,
): Spelling | undefined {
  const votes = new Map<Spelling, number>();
  for (const [index, spelling] of spellings.entries()) {
    if (spelling === undefined) continue;
    const same = [...votes.keys()].find((other) => isSame(other, spelling)) ?? spelling;
    votes.set(same, (votes.get(same) ?? 0) + shares[index] * free(index));
  }
  return [...votes].find(([, votesFor]) => votesFor > 0.5)?.[0];
}

function isSame(one: Spelling, other: Spelling): boolean {
  const [a, b] = [Object.entries(one), Object.entries(other)];
  return a.length === b.length && a.every(([char, written]) => other[char] === written);
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

/** The patterns have umlauts as plain letters; signs of other scripts are not part of them. */
function keepSigns(text: string): string {
  return /^[0-9A-Z]*$/.test(text) ? text : toPlainLetter(text).replaceAll(/[^0-9A-Z]/g, '');
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += a[index] * b[index];
  return sum;
}

import { FUSION_DEFAULTS, type FusionOptions } from '../options/fusion.ts';
import { calibrateReading } from '../read/calibrate-reading.ts';
import { type ConfidenceCurve, PLAIN_CURVE } from '../read/confidence-curve.ts';
import { rankReading } from '../read/rank-reading.ts';
import type { CharDistribution, Reading } from '../read/reading.ts';
import { hasUnread, trust } from '../read/wholeness.ts';
import type { RegionKnowledge } from '../regions/region-answer.ts';
import { alignChars, measureEditDistance } from './align.ts';
import { fuseRegions } from './fuse-regions.ts';
import { rankTexts } from './rank-texts.ts';
import type { WeightedReading } from './weight.ts';

/** What all looks at one plate say together. */
export type FusedReading = Reading &
  Readonly<{
    /** Readings that read exactly `text`. */
    agreeing: number;
    /** Readings that read something else. */
    outvoted: number;
    lines: number;
    /** Whether a look that read `text` had the whole plate in sight. */
    complete: boolean;
    /** Whether characters are missing that the network cannot read, where it has a head for them. */
    hasUnread?: boolean;
  }>;

/** What is done with the fused reading: calibrated, and ordered by how plates are numbered. */
type Finish = Readonly<{ curve?: ConfidenceCurve | undefined; regions?: RegionKnowledge | undefined }>;

/**
 * Fuses readings: each is aligned to the weighted medoid of all, which also votes the length, and logarithms of character
 * probabilities add up by weight. Looks of one passage are not independent: n of them count as 1 + ln n. `curve` calibrates the
 * confidence of several looks; that of one look is calibrated already. The numbering of regions orders the fused candidates once: the
 * looks take part with what the network alone said.
 */
export function fuseReadings(
  looks: readonly WeightedReading[],
  options: FusionOptions = FUSION_DEFAULTS,
  { curve = PLAIN_CURVE, regions }: Finish = {},
): FusedReading | undefined {
  const read = looks.filter(({ reading, weight }) => weight > 0 && reading.text !== '');
  if (read.length === 0) return undefined;
  if (read.length === 1) {
    const { reading, isCut = false } = read[0];
    const said = trust(reading, !isCut);
    return { ...said, lines: reading.lines ?? 1, agreeing: 1, outvoted: 0, complete: !isCut, ...tellUnread(read) };
  }
  const usable = read.map(({ reading, weight }) => ({ reading: { ...reading, ...reading.evidence }, weight }));
  const pivot = choosePivot(usable);
  const columns = collectColumns(pivot, usable, options);
  const fused = columns.map((column) => fuseColumn(column, options));
  const chars = fused.filter((column) => column[0].char !== '');
  const text = chars.map((column) => column[0].char).join('');
  const agreeing = usable.filter(({ reading }) => reading.text === text);
  const confidence = judgeText(fused, agreeing, usable);
  const most = regions ? MOST_RANKED : options.maxCandidates;
  const region = regions ? undefined : chooseRegion(usable);
  const evidence: Reading = {
    text,
    chars: chars.map((column) => column.slice(0, options.maxAlternatives)),
    confidence,
    candidates: rankTexts({ text, confidence, fused, looks: usable, most }),
    ...(region ? { region } : {}),
    regions: fuseRegions(usable),
  };
  const ranked = regions ? rankReading(evidence, regions, options.maxCandidates) : evidence;
  const same = read.filter(({ reading }) => listTexts(reading).has(ranked.text));
  // Looks at a part of a plate agree on that part, however many they are.
  const complete = (same.length > 0 ? same : read).some(({ isCut = false }) => !isCut);
  const calibrated = calibrateReading(ranked, curve);
  return {
    ...trust({ ...calibrated, ...averageUnread(same.length > 0 ? same : read) }, complete),
    complete,
    ...tellUnread(same.length > 0 ? same : read),
    lines: voteHeaviest(usable, ({ lines }) => lines ?? 1),
    agreeing: same.length,
    outvoted: read.length - same.length,
  };
}

/** The texts of a look: as the numbering ordered it alone, and as the network read it. The fused text may be either. */
export function listTexts({ text, evidence }: Reading): ReadonlySet<string> {
  return new Set([text, evidence?.text ?? text]);
}

/** The weighted mean of how probably the plate has characters that go unread, of looks that say so. */
function averageUnread(looks: readonly WeightedReading[]): Pick<Reading, 'unread'> {
  const telling = looks.filter(({ reading }) => reading.unread !== undefined);
  if (telling.length === 0) return {};
  const sum = telling.reduce((all, { reading, weight }) => all + weight * (reading.unread ?? 0), 0);
  return { unread: sum / sumWeights(telling) };
}

function tellUnread(looks: readonly WeightedReading[]): Pick<FusedReading, 'hasUnread'> {
  const averaged = averageUnread(looks);
  return averaged.unread === undefined ? {} : { hasUnread: hasUnread(averaged) };
}

/** Candidates that the numbering chooses from: more than are kept. */
const MOST_RANKED = 24;

function sumWeights(looks: readonly WeightedReading[]): number {
  return looks.reduce((sum, { weight }) => sum + weight, 0);
}

/** The value with the most weight behind it; ties go to the one seen first. */
function voteHeaviest<T>(looks: readonly WeightedReading[], ask: (reading: Reading) => T): T {
  const votes = new Map<T, number>();
  for (const { reading, weight } of looks) votes.set(ask(reading), (votes.get(ask(reading)) ?? 0) + weight);
  return [...votes].reduce((best, vote) => (vote[1] > best[1] + 1e-12 ? vote : best))[0];
}

/** Texts that may become the pivot: enough, for most looks agree. */
const MOST_PIVOTS = 5;

/** The weighted medoid: of the heaviest texts the one nearest to all readings, in its weightiest look. It decides the length. */
function choosePivot(looks: readonly WeightedReading[]): Reading {
  const votes = new Map<string, number>();
  for (const { reading, weight } of looks) votes.set(reading.text, (votes.get(reading.text) ?? 0) + weight);
  const heaviest = [...votes].sort(([a, p], [b, q]) => q - p || (a < b ? -1 : 1)).slice(0, MOST_PIVOTS);
  const ranked = heaviest.map(([text]) => {
    const distance = [...votes].reduce((sum, [other, weight]) => sum + weight * measureEditDistance(text, other), 0);
    return { text, distance };
  });
  // The sort is stable: at equal distance the heavier text stays first.
  const { text } = ranked.sort((a, b) => a.distance - b.distance)[0];
  const same = looks.filter(({ reading }) => reading.text === text);
  return same.reduce((best, look) => (look.weight > best.weight ? look : best)).reading;
}

/** What one look says about one position; no distribution where it has no character there. */
type Vote = Readonly<{ weight: number; chars: CharDistribution | undefined }>;

function collectColumns(pivot: Reading, looks: readonly WeightedReading[], options: FusionOptions): Vote[][] {
  const columns: Vote[][] = pivot.chars.map(() => []);
  for (const { reading, weight } of looks) {
    const { places, cost } = alignChars(pivot.chars, reading.chars);
    if (cost > options.maxDistance * pivot.chars.length && reading.text !== pivot.text) continue;
    for (const [position, place] of places.entries()) {
      columns[position].push({ weight, chars: place < 0 ? undefined : reading.chars[place] });
    }
  }
  return columns;
}

/** What a look without a character at a position says for "no character here". */
const ABSENT: CharDistribution = [{ char: '', p: 0.7 }];

function fuseColumn(votes: readonly Vote[], { floor }: FusionOptions): CharDistribution {
  const chars = new Set(votes.flatMap((vote) => (vote.chars ?? ABSENT).map(({ char }) => char)));
  const total = votes.reduce((sum, { weight }) => sum + weight, 0);
  const evidence = 1 + Math.log(votes.length);
  const scores = [...chars].map((char) => {
    const sum = votes.reduce((log, vote) => {
      const p = (vote.chars ?? ABSENT).find((entry) => entry.char === char)?.p ?? 0;
      return log + vote.weight * Math.log(Math.max(floor, p));
    }, 0);
    return { char, score: (evidence * sum) / total };
  });
  scores.sort((a, b) => b.score - a.score || (a.char < b.char ? -1 : 1));
  const powers = scores.map(({ score }) => Math.exp(score - scores[0].score));
  const all = powers.reduce((sum, power) => sum + power, 0);
  return scores.map(({ char }, index) => ({ char, p: powers[index] / all }));
}

/** Some mistakes all looks share: no number of them is surer than this. */
const MOST_SURE = 0.999;

/**
 * One minus the chance that all agreeing looks are wrong (their effective number as above), lowered by the weight of those that
 * read otherwise. A text that no look read exactly has half the confidence of its characters.
 */
function judgeText(
  fused: readonly CharDistribution[],
  agreeing: readonly WeightedReading[],
  all: readonly WeightedReading[],
): number {
  if (agreeing.length === 0) return 0.5 * fused.reduce((product, column) => product * column[0].p, 1);
  const weight = sumWeights(agreeing);
  const mean = agreeing.reduce((sum, look) => sum + look.weight * look.reading.confidence, 0) / weight;
  const joint = MOST_SURE * (1 - (1 - mean) ** (1 + Math.log(agreeing.length)));
  return joint * (weight / sumWeights(all)) ** 0.6;
}

function chooseRegion(looks: readonly WeightedReading[]): Readonly<{ code: string; score: number }> | undefined {
  const known = looks.filter(({ reading }) => reading.region !== undefined);
  if (known.length === 0) return undefined;
  const code = voteHeaviest(known, ({ region }) => region?.code ?? '');
  const backing = known.filter(({ reading }) => reading.region?.code === code);
  const score = backing.reduce((sum, { reading, weight }) => sum + weight * (reading.region?.score ?? 0), 0);
  return { code, score: score / sumWeights(known) };
}

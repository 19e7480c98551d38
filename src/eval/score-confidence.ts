/** One statement: how sure it was (0–1), and whether it was right. */
export type Statement = Readonly<{ confidence: number; right: boolean }>;

/** One bin of a reliability diagram: what was said on average, what came true, how many. */
export type ReliabilityBin = Readonly<{ confidence: number; accuracy: number; n: number }>;

/** How far confidence means what it says. */
export type ConfidenceScore = Readonly<{
  n: number;
  /** Expected calibration error (Naeini et al. 2015) over ten bins, 0–1. */
  eceEqualMass: number;
  eceEqualWidth: number;
  /** Mean squared difference between confidence and outcome (Brier 1950), 0–1. */
  brier: number;
  equalMass: readonly ReliabilityBin[];
  equalWidth: readonly ReliabilityBin[];
  /** Errors among the surest share of the texts, 0–1 each. */
  risk: readonly Readonly<{ coverage: number; risk: number; least: number }>[];
}>;

const BINS = 10;
const COVERAGES = [0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1];

/** Scores statements; undefined where there are none. */
export function scoreConfidence(statements: readonly Statement[]): ConfidenceScore | undefined {
  if (statements.length === 0) return undefined;
  const equalMass = binByMass(statements, BINS);
  const equalWidth = binByWidth(statements, BINS);
  return {
    n: statements.length,
    eceEqualMass: measureEce(equalMass),
    eceEqualWidth: measureEce(equalWidth),
    brier: measureBrier(statements),
    equalMass,
    equalWidth,
    risk: traceRisk(statements, COVERAGES),
  };
}

/** Bins of as nearly as can be the same number of statements, least sure first. */
export function binByMass(statements: readonly Statement[], bins: number): readonly ReliabilityBin[] {
  const sorted = statements.toSorted((a, b) => a.confidence - b.confidence);
  const edge = (bin: number) => Math.round((bin * sorted.length) / bins);
  const parts = Array.from({ length: bins }, (_, bin) => sorted.slice(edge(bin), edge(bin + 1)));
  return parts.filter((part) => part.length > 0).map(describeBin);
}

/** Bins of the same width from 0 to 1, empty ones left out; an edge belongs to the upper bin. */
export function binByWidth(statements: readonly Statement[], bins: number): readonly ReliabilityBin[] {
  const groups = Map.groupBy(statements, ({ confidence }) => Math.min(bins - 1, Math.floor(confidence * bins)));
  return [...groups].sort(([a], [b]) => a - b).map(([, part]) => describeBin(part));
}

function describeBin(part: readonly Statement[]): ReliabilityBin {
  const confidence = part.reduce((sum, statement) => sum + statement.confidence, 0) / part.length;
  return { confidence, accuracy: part.filter(({ right }) => right).length / part.length, n: part.length };
}

/** Mean gap between what was said and what came true, bins weighed by their number. */
export function measureEce(bins: readonly ReliabilityBin[]): number {
  const n = bins.reduce((sum, bin) => sum + bin.n, 0);
  return bins.reduce((sum, bin) => sum + (bin.n / n) * Math.abs(bin.accuracy - bin.confidence), 0);
}

/** Mean squared difference between confidence and outcome. */
export function measureBrier(statements: readonly Statement[]): number {
  const sum = statements.reduce((all, { confidence, right }) => all + (confidence - (right ? 1 : 0)) ** 2, 0);
  return sum / statements.length;
}

/** For each coverage the share of errors among the surest statements, and how sure the least sure of them was. */
export function traceRisk(statements: readonly Statement[], coverages: readonly number[]): ConfidenceScore['risk'] {
  const sorted = statements.toSorted((a, b) => b.confidence - a.confidence);
  return coverages.map((coverage) => {
    const kept = sorted.slice(0, Math.max(1, Math.round(coverage * sorted.length)));
    const risk = kept.filter(({ right }) => !right).length / kept.length;
    return { coverage, risk, least: kept.at(-1)?.confidence ?? Number.NaN };
  });
}

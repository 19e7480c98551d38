import type { TimeRecord } from './records.ts';
import { STAGES } from './stage-clock.ts';

/** Milliseconds a picture spends in one stage: mean, median, 95th percentile. */
export type StageScore = Readonly<{ stage: string; mean: number; p50: number; p95: number }>;

/** Milliseconds by stage over all pictures, the decoding of files left out, and their sum. */
export function scoreTimes(times: readonly TimeRecord[]): readonly StageScore[] {
  if (times.length === 0) return [];
  const stages = STAGES.map((stage) =>
    describe(
      stage,
      times.map((record) => record.times[stage]),
    ),
  );
  const sums = times.map((record) => STAGES.reduce((sum, stage) => sum + record.times[stage], 0));
  return [...stages.filter(({ mean }) => mean > 0), describe('all', sums)];
}

function describe(stage: string, values: readonly number[]): StageScore {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { stage, mean, p50: findPercentile(values, 0.5), p95: findPercentile(values, 0.95) };
}

/** The value below which a share (0–1) of all lie, between two by straight line (Hyndman and Fan 1996, type 7). */
export function findPercentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? 0;
  return low + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? low) - low);
}

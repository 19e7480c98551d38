import type { EdgeModelsConfig } from './config.ts';
import type { Ends, ModelKind, Refusal, Tally } from './sync-state.ts';

/** A tally of nothing yet. */
export function startTally(): Tally {
  return { frames: 0, failed: 0, detectMs: 0, looks: 0, readMs: 0, passages: {} };
}

/** How many passages could be read or not. */
export function countPassages({ passages }: Tally): number {
  return Object.values(passages).reduce((sum, { read, lost }) => sum + read + lost, 0);
}

/** What must have been counted on both sides before a comparison says something. */
const FRAMES = 100;
const PASSAGES = 30;
const FAILURES = 5;
/** A trial may end before its time after so many passages. */
const ENOUGH_PASSAGES = 500;
/** Failures and milliseconds that are no reason, whatever the ratio. */
const FAILED_SHARE = 0.02;
const SLOWER_MS = 2;
/** Standard errors by which a read rate must have fallen: by chance one trial in 400 does. */
const SURE = 2.8;

type Trial = Readonly<{
  kind: ModelKind;
  past: Tally;
  now: Tally;
  hours: number;
  rules: Pick<EdgeModelsConfig, 'latency_ratio' | 'read_rate_drop' | 'trial_hours'>;
}>;

/** What to do with a version on trial: take it back, and why; let it stay; or wait. */
export function judgeTrial(trial: Trial): Readonly<{ reason: Refusal; message: string }> | 'passed' | 'goes on' {
  const fault = findErrors(trial) ?? findDelay(trial) ?? findFall(trial);
  if (fault) return fault;
  const { now, hours, rules } = trial;
  const isEnough = hours >= rules.trial_hours && now.frames >= FRAMES;
  return isEnough || countPassages(now) >= ENOUGH_PASSAGES ? 'passed' : 'goes on';
}

function findErrors({ past, now }: Trial) {
  const [before, after] = [share(past.failed, past.frames), share(now.failed, now.frames)];
  if (now.failed < FAILURES || after <= before + FAILED_SHARE) return undefined;
  return { reason: 'errors', message: `${now.failed} of ${now.frames} frames failed` } as const;
}

/**
 * Times are of the clock, and a busy machine makes every network slower: the other network, which was not changed, says by how much.
 */
function findDelay({ kind, past, now, rules: { latency_ratio: ratio } }: Trial) {
  const detector = (tally: Tally) => ({ sum: tally.detectMs, count: tally.frames });
  const reader = (tally: Tally) => ({ sum: tally.readMs, count: tally.looks });
  const [own, other] = kind === 'reader' ? [reader, detector] : [detector, reader];
  const [before, after] = [own(past), own(now)];
  if (before.count < FRAMES || after.count < FRAMES) return undefined;
  const [was, is] = [before.sum / before.count, after.sum / after.count];
  const expected = was * measureSlowdown(other(past), other(now));
  if (is <= expected * ratio || is <= expected + SLOWER_MS) return undefined;
  return { reason: 'latency', message: `A run takes ${is.toFixed(1)} ms, ${was.toFixed(1)} ms before` } as const;
}

type Times = Readonly<{ sum: number; count: number }>;

/** How many times as long the unchanged network takes, at least 1; 1 where it ran too seldom to say. */
function measureSlowdown(before: Times, after: Times): number {
  if (before.count < PASSAGES || after.count < PASSAGES) return 1;
  return Math.max(1, after.sum / after.count / (before.sum / before.count));
}

/**
 * Passages are compared within the same conditions alone, which the version has no part in: a camera that delivers fewer pictures, or whose
 * pictures are dropped on a busy machine, has more passages that nobody could read, and a camera that sees worse than others may have more of
 * all passages than before. Mantel and Haenszel's weighted difference of shares, with the pooled variance of each.
 */
function findFall({ kind, past, now, rules: { read_rate_drop: drop } }: Trial) {
  const sum = { before: 0, after: 0, readBefore: 0, readAfter: 0, weight: 0, variance: 0 };
  for (const [conditions, ends] of Object.entries(now.passages)) {
    const [before, after] = [countEnds(kind, past.passages[conditions]), countEnds(kind, ends)];
    if (before.all === 0 || after.all === 0) continue;
    const weight = (before.all * after.all) / (before.all + after.all);
    const mean = share(before.read + after.read, before.all + after.all);
    sum.before += before.all;
    sum.after += after.all;
    sum.weight += weight;
    sum.readBefore += weight * share(before.read, before.all);
    sum.readAfter += weight * share(after.read, after.all);
    sum.variance += weight * mean * (1 - mean);
  }
  if (sum.before < PASSAGES || sum.after < PASSAGES) return undefined;
  const [was, is] = [sum.readBefore / sum.weight, sum.readAfter / sum.weight];
  const error = Math.sqrt(sum.variance) / sum.weight;
  if (was - is < drop || was - is < SURE * error) return undefined;
  const message = `${percent(is)} of ${Math.round(sum.after)} passages were read, ${percent(was)} before under the same conditions`;
  return { reason: 'read_rate', message } as const;
}

/** A detector is also answerable for vehicles that went by without any plate seen. */
function countEnds(kind: ModelKind, { read, lost, unplated }: Ends = { read: 0, lost: 0, unplated: 0 }) {
  return { read, all: read + lost + (kind === 'reader' ? 0 : unplated) };
}

function share(part: number, all: number): number {
  return all === 0 ? 0 : part / all;
}

function percent(value: number): string {
  return `${Math.round(100 * value)} %`;
}

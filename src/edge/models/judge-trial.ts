import type { EdgeModelsConfig } from './config.ts';
import type { ModelKind, Refusal, Tally } from './sync-state.ts';

export const NOTHING: Tally = {
  frames: 0,
  failed: 0,
  detectMs: 0,
  looks: 0,
  readMs: 0,
  read: 0,
  lost: 0,
  unplated: 0,
};

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
  return isEnough || now.read + now.lost >= ENOUGH_PASSAGES ? 'passed' : 'goes on';
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

/** A detector is also answerable for vehicles that went by without any plate seen. */
function findFall({ kind, past, now, rules: { read_rate_drop: drop } }: Trial) {
  const of = ({ read, lost, unplated }: Tally) => ({ read, all: read + lost + (kind === 'reader' ? 0 : unplated) });
  const [before, after] = [of(past), of(now)];
  if (before.all < PASSAGES || after.all < PASSAGES) return undefined;
  const [was, is] = [share(before.read, before.all), share(after.read, after.all)];
  // Two proportions, pooled.
  const mean = share(before.read + after.read, before.all + after.all);
  const error = Math.sqrt(mean * (1 - mean) * (1 / before.all + 1 / after.all));
  if (was - is < drop || was - is < SURE * error) return undefined;
  const message = `${percent(is)} of ${after.all} passages were read, ${percent(was)} of ${before.all} before`;
  return { reason: 'read_rate', message } as const;
}

function share(part: number, all: number): number {
  return all === 0 ? 0 : part / all;
}

function percent(value: number): string {
  return `${Math.round(100 * value)} %`;
}

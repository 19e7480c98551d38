import { expect, test, vi } from 'vitest';
import { judgeTrial, NOTHING } from '../../../src/edge/models/judge-trial.ts';
import type { ModelKind, Tally } from '../../../src/edge/models/sync-state.ts';
import { CameraWatch } from '../../../src/edge/models/watch-cameras.ts';

const rules = { latency_ratio: 2, read_rate_drop: 0.1, trial_hours: 24 };
const PAST = { ...NOTHING, frames: 10_000, detectMs: 200_000, looks: 1000, readMs: 10_000, read: 900, lost: 100 };

const judge = (now: Partial<Tally>, past: Partial<Tally> = PAST, kind: ModelKind = 'reader', hours = 1) => {
  const verdict = judgeTrial({ kind, past: { ...NOTHING, ...past }, now: { ...NOTHING, ...now }, hours, rules });
  return typeof verdict === 'string' ? verdict : verdict.reason;
};

// Shares and errors by hand: of 100 passages 90 are 0.9 ± 0.03, 70 are 0.7 ± 0.05; the pooled error is 0.043.
test.for([
  ['a single failure', { frames: 40, failed: 1 }, 'goes on'],
  ['frames that fail one after the other', { frames: 6, failed: 6 }, 'errors'],
  ['runs that take twice as long and a bit', { frames: 400, looks: 200, readMs: 4200 }, 'latency'],
  // The detector took 20 ms a frame before: now 45 ms, as the reader takes 2.25 times as long.
  [
    'runs that take as much longer as all others',
    { frames: 400, detectMs: 18_000, looks: 200, readMs: 4500 },
    'goes on',
  ],
  [
    'runs that take much longer than all others',
    { frames: 400, detectMs: 12_000, looks: 200, readMs: 7000 },
    'latency',
  ],
  ['runs that take half as long again', { frames: 400, looks: 200, readMs: 3000 }, 'goes on'],
  ['a slow first run', { frames: 4, looks: 1, readMs: 900 }, 'goes on'],
  ['a read rate that fell by a fifth', { frames: 900, read: 70, lost: 30 }, 'read_rate'],
  ['the same of ten passages, which is chance', { frames: 90, read: 7, lost: 3 }, 'goes on'],
  ['a read rate that fell by less than is borne', { frames: 9000, read: 330, lost: 70 }, 'goes on'],
  ['enough passages read as before', { frames: 9000, read: 455, lost: 50 }, 'passed'],
] as [string, Partial<Tally>, string][])('A reader on trial with %s: %s', ([, now, verdict]) => {
  expect(judge(now)).toBe(verdict);
});

test('A trial passes after its time, but not on an edge that saw nothing', () => {
  expect(judge({ frames: 5000, read: 20 }, PAST, 'reader', 25)).toBe('passed');
  expect(judge({ frames: 3 }, PAST, 'reader', 25)).toBe('goes on');
});

test('A detector answers for vehicles without a plate, a reader does not', () => {
  const now = { frames: 900, read: 60, lost: 5, unplated: 60 };
  expect(judge(now, PAST, 'detector')).toBe('read_rate');
  expect(judge(now, PAST, 'reader')).toBe('goes on');
});

test('Setting the clock does not change how long a trial has taken', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const watch = new CameraWatch(() => undefined);
    watch.begin('reader/usual', {});
    vi.setSystemTime(Date.now() + 48 * 3_600_000);
    expect(watch.get('reader/usual').hours).toBeLessThan(1);
    vi.setSystemTime(Date.now() - 96 * 3_600_000);
    expect(watch.get('reader/usual').hours).toBeGreaterThan(0);
    // After a start the state says when it began; a time to come is none.
    const since = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    watch.begin('reader/usual', { since: since(-5) });
    expect(watch.get('reader/usual').hours).toBeCloseTo(5, 1);
    watch.begin('reader/usual', { since: since(5) });
    expect(watch.get('reader/usual').hours).toBeCloseTo(0, 1);
  } finally {
    vi.useRealTimers();
  }
});

test('Without a past to compare with only failures count', () => {
  expect(judge({ frames: 400, looks: 200, readMs: 90_000, read: 5, lost: 95 }, {})).toBe('goes on');
  expect(judge({ frames: 400, failed: 40 }, {})).toBe('errors');
});

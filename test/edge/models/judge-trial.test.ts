import { expect, test, vi } from 'vitest';
import { judgeTrial, startTally } from '../../../src/edge/models/judge-trial.ts';
import type { Ends, ModelKind, Tally } from '../../../src/edge/models/sync-state.ts';
import { CameraWatch } from '../../../src/edge/models/watch-cameras.ts';
import type { Pipeline } from '../../../src/vision/pipeline.ts';

const rules = { latency_ratio: 2, read_rate_drop: 0.1, trial_hours: 24 };
type Counted = Partial<Omit<Tally, 'passages'> & Ends>;
const PAST = { frames: 10_000, detectMs: 200_000, looks: 1000, readMs: 10_000, read: 900, lost: 100 };

/** All passages under the same conditions. */
const toTally = ({ read = 0, lost = 0, unplated = 0, ...numbers }: Counted): Tally => ({
  ...{ ...startTally(), ...numbers },
  passages: { 'gate/15': { read, lost, unplated } },
});

const judge = (now: Counted, past: Counted = PAST, kind: ModelKind = 'reader', hours = 1) => {
  const verdict = judgeTrial({ kind, past: toTally(past), now: toTally(now), hours, rules });
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
] as [string, Counted, string][])('A reader on trial with %s: %s', ([, now, verdict]) => {
  expect(judge(now)).toBe(verdict);
});

/** A camera that can be told how far apart its pictures are, and which share of its passages is read. */
function openRoad(watch: CameraWatch, id: string) {
  let mediaTime = 0;
  let lost: readonly unknown[] = [];
  let sightings: readonly unknown[] = [];
  const timings = { detectMs: 20, trackMs: 0, readMs: 0, fuseMs: 0 };
  const observe = async () => ({ gated: false, detections: [], tracks: [], unplated: [], timings, lost, sightings });
  const pipeline = watch.watch(id, { observe, end: async () => ({ sightings: [], lost: [] }) } as unknown as Pipeline);
  const image = { kind: 'rgb24', width: 2, height: 2, data: new Uint8Array(12) } as const;
  return async (passages: Readonly<{ gapMs: number; read: number; lost: number }>) => {
    for (let nth = 0; nth < passages.read + passages.lost; nth += 1) {
      for (let frame = 0; frame < 8; frame += 1) {
        mediaTime += passages.gapMs;
        const isOver = frame === 7;
        sightings = isOver && nth < passages.read ? [{ status: 'final' }] : [];
        lost = isOver && nth >= passages.read ? [{}] : [];
        await pipeline.observe({ cameraId: id, sequence: 0, capturedAt: 0, mediaTime, image });
      }
    }
  };
}

test('A reader does not answer for pictures that are dropped, nor for a camera that always saw less; it does for the same pictures', async () => {
  const watch = new CameraWatch(() => undefined);
  const [near, far] = [openRoad(watch, 'near'), openRoad(watch, 'far')];
  await near({ gapMs: 200, read: 100, lost: 0 });
  await far({ gapMs: 200, read: 40, lost: 40 });
  const past = watch.begin('reader/usual', {});
  const verdict = () => {
    const { tally: now } = watch.get('reader/usual');
    const judged = judgeTrial({ kind: 'reader', past, now, hours: 1, rules });
    return typeof judged === 'string' ? judged : judged.reason;
  };
  // Three of four pictures are dropped.
  await near({ gapMs: 800, read: 20, lost: 40 });
  expect(verdict()).toBe('goes on');
  // More of the camera that reads half of its passages.
  await far({ gapMs: 200, read: 60, lost: 60 });
  expect(verdict()).toBe('goes on');
  await near({ gapMs: 200, read: 40, lost: 40 });
  expect(verdict()).toBe('read_rate');
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

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Progress } from '../../src/bus/kafka-progress.ts';

const at = (partition: number, offset: bigint, bytes = 10) => ({
  topic: 'plates',
  key: 'gate',
  value: new Uint8Array(bytes),
  headers: {},
  origin: { partition, offset },
});
const owned = new Set([0, 1]);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('Nothing from the oldest parked message on is committed, until it was handled when it came again', () => {
  const progress = new Progress();
  progress.park(at(0, 7n));
  progress.park(at(0, 5n));
  progress.noteHandled([
    { partition: 0, offset: 9n },
    { partition: 1, offset: 3n },
    { partition: 2, offset: 1n },
  ]);
  const commits = progress.listCommits(owned);
  expect(commits).toEqual([
    { partition: 0, offset: 5n },
    { partition: 1, offset: 4n },
  ]);
  progress.noteCommitted(commits);
  expect(progress.listCommits(owned)).toEqual([]);
  expect(progress.takeDue()).toEqual([]);
  vi.advanceTimersByTime(5001);
  expect(progress.takeDue()).toHaveLength(2);
  progress.park(at(0, 7n));
  expect(progress.listCommits(owned)).toEqual([{ partition: 0, offset: 7n }]);
  vi.advanceTimersByTime(5001);
  expect(progress.takeDue()).toHaveLength(1);
  expect(progress.listCommits(owned)).toEqual([{ partition: 0, offset: 10n }]);
});

test('A message is parked once, and more than memory should hold are refused', () => {
  const progress = new Progress();
  for (let repeat = 0; repeat < 3; repeat += 1) progress.park(at(0, 1n, 60 << 20));
  expect(progress.parked).toBe(1);
  expect(() => progress.park(at(0, 2n, 5 << 20))).toThrow(expect.objectContaining({ code: 'REGISTRY_UNAVAILABLE' }));
});

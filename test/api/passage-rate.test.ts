import { expect, test } from 'vitest';
import { PassageRate } from '../../src/api/passage-rate.ts';
import { makeStatus } from './api-fixture.ts';

const HOUR = 3_600_000;
const camera = (id: string, passages: number, passages_lost: number) => ({
  ...makeStatus(id),
  passages,
  passages_lost,
});

test('The rate is that of all cameras together, and there is none before a passage has ended', () => {
  const rate = new PassageRate();
  expect(rate.at(0, [])).toBeNull();
  expect(rate.at(1000, [camera('a', 0, 0)])).toBeNull();
  expect(rate.at(2000, [camera('a', 6, 2), camera('b', 1, 1)])).toBe(0.7);
});

test('An edge that starts anew counts from zero again, and nothing is counted twice', () => {
  const rate = new PassageRate();
  rate.at(0, [camera('a', 8, 2)]);
  expect(rate.at(1000, [camera('a', 8, 2)])).toBe(0.8);
  // Restarted: 2 more read, 8 more lost.
  expect(rate.at(2000, [camera('a', 2, 8)])).toBe(0.5);
});

test('What is older than a day no longer counts', () => {
  const rate = new PassageRate();
  for (let hour = 0; hour <= 60; hour += 1) {
    // One passage an hour: lost during the first day and a half, read after it.
    const read = Math.max(0, hour - 36);
    rate.at(hour * HOUR, [camera('a', read, hour - read)]);
  }
  expect(rate.at(60.5 * HOUR, [camera('a', 24, 36)])).toBe(1);
});

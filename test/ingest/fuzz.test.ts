import { expect, test } from 'vitest';
import { fuzzDecoding } from '../../bench/backend/fuzz.ts';

test('10,000 damaged messages, in Avro and JSON, are each an event of the contract or a dead letter with its reason', async () => {
  const { good, dead, causes, longestMs } = await fuzzDecoding({ messages: 10_000, seed: 2026 });
  expect(good + dead).toBe(10_000);
  // Some damage hits a digit or a picture's hash and leaves an event; most does not.
  expect(good).toBeGreaterThan(100);
  expect(causes.EVENT_INVALID).toBeGreaterThan(5000);
  expect(causes.SCHEMA_UNKNOWN).toBeGreaterThan(100);
  expect(longestMs).toBeLessThan(5000);
});

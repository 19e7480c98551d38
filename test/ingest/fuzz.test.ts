import { expect, test } from 'vitest';
import { fuzzDecoding } from '../../bench/backend/fuzz.ts';
import { THOROUGH } from '../thorough.ts';

const MESSAGES = THOROUGH ? 10_000 : 2500;

test('damaged messages, in Avro and JSON, are each an event of the contract or a dead letter with its reason', async () => {
  const { good, dead, causes, longestMs } = await fuzzDecoding({ messages: MESSAGES, seed: 2026 });
  expect(good + dead).toBe(MESSAGES);
  // Some damage hits a digit or a picture's hash and leaves an event; most does not.
  expect(good).toBeGreaterThan(MESSAGES / 100);
  expect(causes.EVENT_INVALID).toBeGreaterThan(MESSAGES / 2);
  expect(causes.SCHEMA_UNKNOWN).toBeGreaterThan(MESSAGES / 100);
  expect(longestMs).toBeLessThan(5000);
});

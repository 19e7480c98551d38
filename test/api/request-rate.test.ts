import { expect, test } from 'vitest';
import { RequestRate } from '../../src/api/access/request-rate.ts';

test('a minute begins with the first request, and each sender has one of its own', () => {
  const rate = new RequestRate(2);
  const asked = [0, 20_000, 59_000, 59_999].map((at) => rate.count('anna', at));
  expect(asked).toEqual([0, 0, 1, 1]);
  expect([rate.count('ben', 59_999), rate.count('anna', 60_000)]).toEqual([0, 0]);
});

test('of more senders than are remembered, the one whose minute began first is forgotten', () => {
  const rate = new RequestRate(1);
  for (let sender = 0; sender <= 10_000; sender += 1) rate.count(String(sender), sender);
  expect([rate.count('1', 10_001), rate.count('0', 10_001)]).toEqual([50, 0]);
});

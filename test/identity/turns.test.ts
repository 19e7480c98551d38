import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turns } from '../../src/identity/turns.ts';

test('a few go on at once in the order in which they came, and whose turn does not come in time is told so', async () => {
  const turns = new Turns(2, 250);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const work = (index: number) => async () => {
    running += 1;
    most = Math.max(most, running);
    await sleep(100);
    running -= 1;
    order.push(index);
    return index;
  };
  const began = performance.now();
  const all = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => turns.take(work(index))));
  expect(performance.now() - began).toBeLessThan(2000);
  const done = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const late = all.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
  expect(most).toBe(2);
  expect(order.toSorted((a, b) => a - b)).toEqual(done);
  expect(done).toEqual(done.map((_, index) => index));
  expect(done.length).toBeLessThan(20);
  expect(new Set(late)).toEqual(new Set(['SIGN_IN_BUSY']));
  // A place that somebody left is not lost.
  expect(await turns.take(async () => 'again')).toBe('again');
});

test('what fails makes way for the next', async () => {
  const turns = new Turns(1);
  const failing = turns.take(() => Promise.reject(new Error('no')));
  const next = turns.take(async () => 'next');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('next');
});

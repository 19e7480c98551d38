import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FairTurns } from '../../src/base/fair-turns.ts';

test('Callers take turns: one with many works waiting delays another by one of them', async () => {
  const turns = new FairTurns({ atOnce: 1, places: 20 });
  const done: string[] = [];
  const work = (who: string) =>
    turns.enter(who)?.take(async () => {
      await sleep(1);
      done.push(who);
    });
  await Promise.all([...'aaaaaabbc'].map(work));
  expect(done.join('')).toBe('aabcabaaa');
});

test('One caller has at most half of the places, and a place given up is free again', () => {
  const turns = new FairTurns({ atOnce: 1, places: 4 });
  const places = [turns.enter('a'), turns.enter('a')];
  expect([places.includes(undefined), turns.enter('a')]).toEqual([false, undefined]);
  expect([turns.enter('b'), turns.enter('c'), turns.enter('d')].map((place) => place !== undefined)).toEqual([
    true,
    true,
    false,
  ]);
  for (const _ of [1, 2]) places[0]?.[Symbol.dispose]();
  expect([turns.enter('a') !== undefined, turns.enter('a')]).toEqual([true, undefined]);
});

test('A work that fails hands its turn on', async () => {
  const turns = new FairTurns({ atOnce: 1, places: 4 });
  const failing = turns.enter('a')?.take(() => Promise.reject(new Error('no')));
  const next = turns.enter('b')?.take(async () => 'done');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
});

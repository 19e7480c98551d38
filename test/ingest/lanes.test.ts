import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Lanes } from '../../src/ingest/lanes.ts';

test('No more runs side by side than there are lanes, and the end waits for all', async () => {
  const lanes = new Lanes(2);
  let [running, most, done] = [0, 0, 0];
  for (let at = 0; at < 7; at++) {
    await lanes.begin(async () => {
      running++;
      most = Math.max(most, running);
      await sleep(5);
      running--;
      done++;
    });
  }
  await lanes.end();
  expect([most, done]).toEqual([2, 7]);
});

test('After a failure nothing is begun, and the end rejects with it when what runs is done', async () => {
  const lanes = new Lanes(2);
  let done = false;
  await lanes.begin(async () => {
    await sleep(20);
    done = true;
  });
  await lanes.begin(() => Promise.reject(new Error('first')));
  await sleep(1);
  await expect(lanes.begin(async () => {})).rejects.toThrow('first');
  await expect(lanes.end()).rejects.toThrow('first');
  expect(done).toBe(true);
});

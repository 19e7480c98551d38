import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { giveWay } from '../../src/models/give-way.ts';
import type { Session } from '../../src/vision/session.ts';

/** A network of one lane that takes 20 ms for a run, and notes whose it was and when it was asked for. */
function openLane() {
  const runs: string[] = [];
  const times: number[] = [];
  let lane = Promise.resolve();
  const session: Session = {
    provider: 'cpu',
    run: (feeds) => {
      runs.push(Object.keys(feeds).join());
      times.push(performance.now());
      lane = lane.then(() => sleep(20));
      return lane.then(() => ({}));
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { runs, times, session };
}

const feed = (name: string) => ({ [name]: { type: 'uint8', dims: [0], data: new Uint8Array() } }) as const;

test('What is asked later runs when the cameras pause, and at once where there are none', async () => {
  const { runs, session } = openLane();
  const { first, later } = giveWay(session, 1);
  const alone = later.run(feed('picture'));
  expect(runs).toEqual(['picture']);
  await alone;
  const camera = first.run(feed('camera'));
  const picture = later.run(feed('picture'));
  await camera;
  await first.run(feed('camera'));
  await picture;
  expect(runs).toEqual(['picture', 'camera', 'camera', 'picture']);
});

test('However busy the cameras are, it waits no longer than a quarter of a second', async () => {
  const { runs, times, session } = openLane();
  const { first, later } = giveWay(session, 1);
  const began = performance.now();
  let isBusy = true;
  const camera = (async () => {
    while (isBusy) await first.run(feed('camera'));
  })();
  await later.run(feed('picture'));
  isBusy = false;
  await camera;
  const before = runs.indexOf('picture');
  // Its time, of runs of 20 ms each where the machine has nothing else to do, and fewer where it has.
  expect((times[before] ?? 0) - began).toBeGreaterThanOrEqual(240);
  expect(before).toBeLessThanOrEqual(14);
});

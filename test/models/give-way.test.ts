import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { giveWay } from '../../src/models/give-way.ts';
import type { Session } from '../../src/vision/session.ts';

/** A network of one lane that takes 20 ms for a run, and notes whose it was. */
function openLane() {
  const runs: string[] = [];
  let lane = Promise.resolve();
  const session: Session = {
    provider: 'cpu',
    run: (feeds) => {
      runs.push(Object.keys(feeds).join());
      lane = lane.then(() => sleep(20));
      return lane.then(() => ({}));
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { runs, session };
}

const feed = (name: string) => ({ [name]: { type: 'uint8', dims: [0], data: new Uint8Array() } }) as const;

test('What is asked later runs when the cameras pause, and at once where there are none', async () => {
  const { runs, session } = openLane();
  const { first, later } = giveWay(session, 1);
  const began = performance.now();
  await later.run(feed('picture'));
  expect(performance.now() - began).toBeLessThan(35);
  const camera = first.run(feed('camera'));
  const picture = later.run(feed('picture'));
  await camera;
  await first.run(feed('camera'));
  await picture;
  expect(runs).toEqual(['picture', 'camera', 'camera', 'picture']);
});

test('However busy the cameras are, it waits no longer than a quarter of a second', async () => {
  const { runs, session } = openLane();
  const { first, later } = giveWay(session, 1);
  let isBusy = true;
  const camera = (async () => {
    while (isBusy) await first.run(feed('camera'));
  })();
  await later.run(feed('picture'));
  isBusy = false;
  await camera;
  const before = runs.indexOf('picture');
  // 250 ms of runs of 20 ms each.
  expect(before).toBeGreaterThanOrEqual(5);
  expect(before).toBeLessThanOrEqual(14);
});

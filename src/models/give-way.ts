import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../vision/session.ts';

/** So long nothing must have been asked of a network with one lane before it counts as free, milliseconds. */
const QUIET_MS = 10;
/** So long one run waits at most, milliseconds. */
const PATIENCE_MS = 250;
const LOOK_MS = 2;

/** One network as two kinds of users see it. */
export type Shared = Readonly<{ first: Session; later: Session }>;

/**
 * Lets what is asked through `first` (cameras) go before what is asked through `later` (pictures that somebody sent): a later run
 * starts when a lane is to spare, or when the only one has had nothing to do for a moment. However busy `first` is, it waits no
 * longer than 250 ms.
 */
export function giveWay(session: Session, lanes: number): Shared {
  let running = 0;
  let lastEnd = Number.NEGATIVE_INFINITY;
  const isFree = () => running < lanes - 1 || (running === 0 && performance.now() - lastEnd >= QUIET_MS);
  const view = (run: Session['run']): Session => ({
    get provider() {
      return session.provider;
    },
    run,
    lend: (bytes) => session.lend?.(bytes),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  });
  return {
    first: view(async (feeds) => {
      running += 1;
      try {
        return await session.run(feeds);
      } finally {
        running -= 1;
        lastEnd = performance.now();
      }
    }),
    later: view(async (feeds) => {
      const until = performance.now() + PATIENCE_MS;
      while (!isFree() && performance.now() < until) await sleep(LOOK_MS);
      return session.run(feeds);
    }),
  };
}

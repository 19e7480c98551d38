import type { Log } from '../../base/log.ts';

/** Resolves at the first SIGINT or SIGTERM. */
export function waitForSignal(log: Log): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'the process stops once the events in hand are safe');
      resolve(signal);
    });
  }
  return promise;
}

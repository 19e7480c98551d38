import type { Log } from '../../base/log.ts';

/** Resolves at the first SIGINT or SIGTERM. */
export function waitForSignal(log: Log): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'Stopping; events in hand are brought to safety first');
      resolve(signal);
    });
  }
  return promise;
}

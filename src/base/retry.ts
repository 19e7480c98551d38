import { setTimeout as sleep } from 'node:timers/promises';

export type Backoff = Readonly<{ firstMs: number; maxMs: number; factor: number }>;

/** Waiting time before attempt `attempt` (0 = the first retry), with ±20 % jitter so that many clients spread out. */
export function backoffDelay(backoff: Backoff, attempt: number, random: () => number = Math.random): number {
  const delay = Math.min(backoff.maxMs, backoff.firstMs * backoff.factor ** attempt);
  return delay * (0.8 + 0.4 * random());
}

/**
 * Runs `work` until it succeeds, `signal` aborts, or it fails in a way that `isLasting` says no time will mend; `onError`
 * sees each other failure with the delay that follows it.
 */
export async function retryForever<T>(options: {
  work: () => Promise<T>;
  backoff: Backoff;
  signal: AbortSignal;
  onError: (error: unknown, delayMs: number) => void;
  isLasting?: (error: unknown) => boolean;
}): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    options.signal.throwIfAborted();
    try {
      return await options.work();
    } catch (error) {
      options.signal.throwIfAborted();
      if (options.isLasting?.(error)) throw error;
      const delayMs = backoffDelay(options.backoff, attempt);
      options.onError(error, delayMs);
      await pause(delayMs, options.signal);
    }
  }
}

/** Waits `ms` milliseconds, or less when `signal` aborts; never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(Math.max(0, ms), undefined, { signal }).catch(() => undefined);
}

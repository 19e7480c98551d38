import type { Log } from '../base/log.ts';
import { pause } from '../base/retry.ts';
import { eventIdOf } from '../contract/image-key.ts';
import { readLostKey } from '../contract/lost-look.ts';
import type { Counter } from '../telemetry/telemetry.ts';
import type { Images } from './images.ts';

const DAY_MS = 86_400_000;

/** Reading the folder costs a look at each picture, and retention counts in days. */
const EVERY_MS = 6 * 3_600_000;

type RetentionOptions = Readonly<{
  images: Images;
  /** Age at which a picture is removed. */
  days: number;
  expired: Counter;
  log: Log;
}>;

/**
 * Removes the pictures of events and of lost passages that are older than `days`, now and every six hours until disposed.
 * Other files in the folder are left alone. A round that fails is logged, and the next one tries again.
 */
export function openPictureRetention({ images, days, expired, log }: RetentionOptions): AsyncDisposable {
  const closing = new AbortController();
  const running = (async () => {
    while (!closing.signal.aborted) {
      try {
        const removed = await removeExpired(images, new Date(Date.now() - days * DAY_MS), closing.signal);
        expired.inc(removed);
        if (removed > 0) log.info({ pictures: removed, retention_days: days }, 'expired pictures are removed');
      } catch (error) {
        log.warn({ err: error }, 'expired pictures cannot be removed; trying again in six hours');
      }
      await pause(EVERY_MS, closing.signal);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}

/** Removes the pictures of plates that were stored before `cutoff`; resolves to how many there were. */
async function removeExpired(images: Images, cutoff: Date, signal: AbortSignal): Promise<number> {
  let removed = 0;
  for await (const { key, storedAt } of images.list()) {
    if (signal.aborted) break;
    if (storedAt >= cutoff || !showsPlate(key)) continue;
    await images.remove(key);
    removed += 1;
  }
  return removed;
}

function showsPlate(key: string): boolean {
  return eventIdOf(key) !== undefined || readLostKey(key) !== undefined;
}

import { randomUUID } from 'node:crypto';
import type { Log } from '../base/log.ts';
import type { Bus, BusMessage } from '../bus/bus.ts';
import { type LiveWatch, liveWatchSchema } from '../contract/live.ts';
import type { EdgeConfig } from './config.ts';

/** Cameras that may be named at once; more are taken for all. */
const MAX_NAMED = 10_000;

/** Who looks at live pictures. */
export interface Audience {
  /** Whether anybody wants to see the pictures of this camera now. */
  wants(cameraId: string): boolean;
}

type AudienceOptions = Readonly<{ bus: Bus; topic: string; mode: EdgeConfig['live_pictures']; log: Log }>;

/**
 * On a bus with a network listens to who looks, so that pictures that nobody sees cost nothing. In process they always have an
 * audience: they cost no more than a copy in memory, and the page shows them at once.
 */
export async function openAudience(options: AudienceOptions): Promise<Audience & AsyncDisposable> {
  const { bus, topic, mode, log } = options;
  if (mode !== 'watched' || bus.kind === 'memory') {
    return { wants: () => mode !== 'never', [Symbol.asyncDispose]: async () => undefined };
  }
  const watched = new Watched();
  const group = `edge-watch-${randomUUID()}`;
  const subscription = await bus.subscribe(
    { topic, group, maxBatch: 100, maxWaitMs: 0, from: 'latest' },
    async (batch) => {
      for (const message of batch) take(message, watched, log);
    },
  );
  return {
    wants: (cameraId) => watched.has(cameraId),
    [Symbol.asyncDispose]: () => subscription[Symbol.asyncDispose](),
  };
}

function take({ value }: BusMessage, watched: Watched, log: Log): void {
  try {
    watched.note(liveWatchSchema.parse(JSON.parse(Buffer.from(value).toString())));
  } catch (error) {
    log.debug({ err: error }, 'a request for live pictures is not understood');
  }
}

/** Until when each camera is watched, by this process's own clock. */
class Watched {
  #allUntil = 0;
  readonly #until = new Map<string, number>();

  note({ cameras, for_ms }: LiveWatch): void {
    const until = performance.now() + for_ms;
    if (cameras === 'all' || this.#until.size > MAX_NAMED) this.#allUntil = Math.max(this.#allUntil, until);
    else for (const id of cameras) this.#until.set(id, Math.max(this.#until.get(id) ?? 0, until));
  }

  has(cameraId: string): boolean {
    const now = performance.now();
    if (this.#allUntil > now) return true;
    return (this.#until.get(cameraId) ?? 0) > now;
  }
}

import type { Log } from '../base/log.ts';
import { type Bus, Undecodable } from '../bus/bus.ts';
import type { LiveWatch } from '../contract/live.ts';
import type { EdgeConfig } from './config.ts';

/** The number of cameras that may be named at once; a longer list counts as all cameras. */
const MAX_NAMED = 10_000;

/** Tells who watches live pictures. */
export interface Audience {
  /** Whether somebody wants to see the pictures of this camera now. */
  wants(cameraId: string): boolean;
}

type AudienceOptions = Readonly<{ bus: Bus; mode: EdgeConfig['live_pictures']; log: Log }>;

/** Listens to who looks, where only watched pictures are shown: those that nobody sees then cost nothing. */
export async function openAudience({ bus, mode, log }: AudienceOptions): Promise<Audience & AsyncDisposable> {
  if (mode !== 'watched') return { wants: () => mode === 'always', [Symbol.asyncDispose]: async () => undefined };
  const watched = new Watched();
  const subscription = await bus.subscribe(
    { topic: 'watch', group: 'edge-watch', isOnlooker: true, maxBatch: 100, maxWaitMs: 0 },
    async (batch) => {
      for (const arrival of batch) {
        const watch = arrival.read();
        if (watch instanceof Undecodable) log.debug({ err: watch.error }, 'a message of viewers is not understood');
        else watched.note(watch);
      }
    },
  );
  return {
    wants: (cameraId) => watched.has(cameraId),
    [Symbol.asyncDispose]: () => subscription[Symbol.asyncDispose](),
  };
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

import { type Arrival, type Bus, Undecodable } from '../../bus/bus.ts';
import type { LiveMessage } from '../../contract/live.ts';

/** A camera that says nothing for so long counts as one that delivers no frames: its process may have ended. */
const SILENT_MS = 30_000;
const MAX_CAMERAS = 10_000;

/** A camera, and since when it delivers no frames; milliseconds since the epoch. */
export type CameraState = Readonly<{ id: string; name: string; downSince: number | undefined }>;

type Heard = Readonly<{ name: string; at: number; downSince: number | undefined }>;

/** What the edges say of their cameras. */
export class CameraStates {
  readonly #heard = new Map<string, Heard>();

  /** Cameras that were at work before this process was: one that stays silent is noticed. */
  expect(cameras: readonly string[], now: number): void {
    for (const id of cameras) this.#heard.set(id, { name: id, at: now, downSince: undefined });
  }

  take(message: LiveMessage, now: number): void {
    if (message.kind !== 'camera') return;
    const { camera_id: id, name, state, since } = message.status;
    if (!this.#heard.has(id) && this.#heard.size >= MAX_CAMERAS) return;
    // A video that was read to its end is not down.
    const isUp = state === 'running' || state === 'ended';
    const known = this.#heard.get(id)?.downSince;
    const downSince = isUp ? undefined : Math.min(known ?? now, Date.parse(since));
    this.#heard.set(id, { name: name || id, at: now, downSince });
    if (state === 'ended') this.#heard.delete(id);
  }

  list(now: number): readonly CameraState[] {
    return [...this.#heard].map(([id, { name, at, downSince }]) => ({
      id,
      name,
      downSince: downSince ?? (now - at >= SILENT_MS ? at : undefined),
    }));
  }
}

/** Hears what the edges say of their cameras. */
export function listenToCameras(bus: Bus, states: CameraStates): Promise<AsyncDisposable> {
  const onlooker = { group: 'alerts-live', isOnlooker: true, maxBatch: 500, maxWaitMs: 0 };
  return bus.subscribe({ topic: 'live', ...onlooker }, async (batch: readonly Arrival<LiveMessage>[]) => {
    for (const arrival of batch) {
      const message = arrival.read();
      if (!(message instanceof Undecodable)) states.take(message, Date.now());
    }
  });
}

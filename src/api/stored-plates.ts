import type { Log } from '../base/log.ts';
import { pause } from '../base/retry.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';
import { readRevisions } from '../store/events.ts';
import type { PlateNews } from './live-history.ts';

const LOOK_FIRST_MS = 10;
const LOOK_MAX_MS = 250;
/** Longer than a database needs to come back; an event that is not stored by then was refused. */
const WAIT_LIMIT_MS = 30_000;
const MAX_WAITING = 5000;

type UnstoredEvent = PlateNews & Readonly<{ id: string; revision: number; until: number }>;

type StoredPlatesOptions = Readonly<{
  sql: Sql;
  log: Log;
  /** Called with each event once it is stored; must not throw. */
  tell: (news: PlateNews) => void;
  /** Called when events are left out: they were not stored in time, or too many waited. Must not throw. */
  leaveOut?: () => void;
  /** How long an event may take to be stored before it is left out, milliseconds. */
  limitMs?: number;
}>;

/** Holds live events back until the database has them, so that a viewer who hears of one can find it. */
export class StoredPlates implements AsyncDisposable {
  readonly #options: StoredPlatesOptions;
  readonly #closing = new AbortController();
  #waiting: UnstoredEvent[] = [];
  #working: Promise<void> | undefined;
  #delayMs = LOOK_FIRST_MS;
  #nap = new AbortController();

  constructor(options: StoredPlatesOptions) {
    this.#options = options;
  }

  /** Takes events and returns at once. If too many wait, the oldest are dropped. */
  add(events: readonly PlateEvent[]): void {
    const until = performance.now() + (this.#options.limitMs ?? WAIT_LIMIT_MS);
    for (const event of events) {
      const { event_id, revision, camera_id: camera, site_id: site } = event;
      const news = { data: JSON.stringify(event), from: { camera, site } };
      this.#waiting.push({ id: event_id.toLowerCase(), revision, ...news, until });
    }
    const dropped = this.#waiting.splice(0, Math.max(0, this.#waiting.length - MAX_WAITING));
    if (dropped.length > 0) this.#options.leaveOut?.();
    this.#delayMs = LOOK_FIRST_MS;
    this.#nap.abort();
    this.#working ??= this.#work();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#nap.abort();
    await this.#working;
  }

  async #work(): Promise<void> {
    const { signal } = this.#closing;
    while (this.#waiting.length > 0 && !signal.aborted) {
      this.#nap = new AbortController();
      await pause(this.#delayMs, this.#nap.signal);
      this.#delayMs = Math.min(LOOK_MAX_MS, 2 * this.#delayMs);
      if (!signal.aborted) await this.#release();
    }
    this.#working = undefined;
  }

  async #release(): Promise<void> {
    const asked = this.#waiting;
    const stored = await this.#look([...new Set(asked.map(({ id }) => id))]);
    const isStored = ({ id, revision }: UnstoredEvent) => (stored.get(id) ?? 0) >= revision;
    const now = performance.now();
    // Others may have arrived in the meantime; they are looked up next time.
    const unstored = this.#waiting.filter((one) => !isStored(one));
    this.#waiting = unstored.filter((one) => one.until > now);
    for (const one of asked) if (isStored(one)) this.#options.tell(one);
    if (this.#waiting.length < unstored.length) this.#options.leaveOut?.();
  }

  /** A database that is away has stored nothing yet. */
  async #look(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    try {
      return await readRevisions(this.#options.sql, ids);
    } catch (error) {
      this.#options.log.debug({ err: error }, 'live plates wait until the database says whether it has them');
      return new Map();
    }
  }
}

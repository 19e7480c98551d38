import type { Log } from '../../base/log.ts';
import type { AuditEntry, Auditor } from '../../identity/audit-entry.ts';

/** What one entry covers; `repeats` and `results` are those that no entry counts yet. */
type Window = {
  readonly entry: AuditEntry;
  readonly periodMs: number;
  /** Resolves when an entry that covers until then is safe. */
  readonly safe: Promise<void>;
  /** The last entry of it. */
  since: Date;
  until: number;
  repeats: number;
  results: number | undefined;
  timer: NodeJS.Timeout;
};

/** At this share of its time an entry that was needed again is followed by the next, so that nobody waits for that. */
const RENEW_AT = 0.8;

/**
 * Lets one entry of the audit cover the same thing when the same caller does it again within a stated time: the entry says until
 * when. Before that is over, another one says how often it was done again, and covers the next time; without repeats it ends.
 */
export class CoveringEntries implements AsyncDisposable {
  readonly #auditor: Auditor;
  readonly #log: Log;
  readonly #open = new Map<string, Window>();

  constructor(auditor: Auditor, log: Log) {
    this.#auditor = auditor;
    this.#log = log;
  }

  /** Resolves once an entry that covers this one is safe. */
  async cover(entry: AuditEntry, periodMs: number): Promise<void> {
    const key = keyOf(entry);
    const now = entry.at.getTime();
    const open = this.#open.get(key);
    // What the clock says counts, because the entry says it: after a step back a new one begins.
    if (open && now >= open.entry.at.getTime() && now < open.until) {
      open.repeats += 1;
      if (entry.results !== undefined) open.results = (open.results ?? 0) + entry.results;
      return open.safe;
    }
    void this.#close(key);
    const until = now + periodMs;
    const safe = this.#auditor.record({ ...entry, query: { ...entry.query, until: new Date(until).toISOString() } });
    const timer = this.#renewAt(key, RENEW_AT * periodMs);
    const window = { entry, periodMs, safe, since: entry.at, until, repeats: 0, results: undefined, timer };
    this.#open.set(key, window);
    try {
      await safe;
    } catch (error) {
      clearTimeout(timer);
      if (this.#open.get(key) === window) this.#open.delete(key);
      throw error;
    }
  }

  #renewAt(key: string, delayMs: number): NodeJS.Timeout {
    return setTimeout(() => void this.#renew(key), delayMs).unref();
  }

  async #renew(key: string): Promise<void> {
    const window = this.#open.get(key);
    if (!window) return;
    if (window.repeats === 0) {
      window.timer = setTimeout(() => void this.#close(key), Math.max(0, window.until - Date.now())).unref();
      return;
    }
    const until = window.until + window.periodMs;
    // Only once it is safe does it cover anything.
    if (await this.#count(window, until)) window.until = until;
    if (this.#open.get(key) === window)
      window.timer = this.#renewAt(key, window.until - Date.now() - (1 - RENEW_AT) * window.periodMs);
  }

  /** Writes down how often it was done again since the last entry; with `until`, it covers what comes before that. */
  async #count(window: Window, until?: number): Promise<boolean> {
    const { entry, repeats, results, since } = window;
    const at = new Date();
    Object.assign(window, { repeats: 0, results: undefined, since: at });
    const covers = until === undefined ? {} : { until: new Date(until).toISOString() };
    const query = { ...entry.query, since: since.toISOString(), repeats, ...covers };
    try {
      await window.safe;
      await this.#auditor.record({ ...entry, at, query, results });
      return true;
    } catch (err) {
      this.#log.warn({ err, operation: entry.operation }, 'the audit does not say how often this was done again');
      return false;
    }
  }

  async #close(key: string): Promise<void> {
    const window = this.#open.get(key);
    if (!window) return;
    this.#open.delete(key);
    clearTimeout(window.timer);
    if (window.repeats > 0) await this.#count(window);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#open.keys()].map((key) => this.#close(key)));
  }
}

function keyOf({ who, from, operation, status, query, purpose, caseNumber }: AuditEntry): string {
  return JSON.stringify([who?.id, from, operation, status, query, purpose, caseNumber]);
}

import type { Log } from '../../base/log.ts';
import type { AuditEntry, Auditor } from '../../identity/audit-entry.ts';

type Window = { readonly entry: AuditEntry; readonly until: number; readonly safe: Promise<void> } & {
  repeats: number;
  results: number | undefined;
};

/**
 * Lets one entry of the audit cover the same thing when the same caller does it again within a stated time: the entry says until
 * when. Once that is over, another one says how often it was done again.
 */
export class CoveringEntries implements AsyncDisposable {
  readonly #auditor: Auditor;
  readonly #log: Log;
  readonly #open = new Map<string, Window & { readonly timer: NodeJS.Timeout }>();

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
    const timer = setTimeout(() => void this.#close(key), periodMs);
    timer.unref();
    const window = { entry, until, safe, timer, repeats: 0, results: undefined };
    this.#open.set(key, window);
    try {
      await safe;
    } catch (error) {
      clearTimeout(timer);
      if (this.#open.get(key) === window) this.#open.delete(key);
      throw error;
    }
  }

  async #close(key: string): Promise<void> {
    const window = this.#open.get(key);
    if (!window) return;
    this.#open.delete(key);
    clearTimeout(window.timer);
    const { entry, repeats, results } = window;
    if (repeats === 0) return;
    const query = { ...entry.query, since: entry.at.toISOString(), repeats };
    try {
      await window.safe;
      await this.#auditor.record({ ...entry, at: new Date(), query, results });
    } catch (err) {
      this.#log.warn({ err, operation: entry.operation }, 'the audit does not say how often this was done again');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#open.keys()].map((key) => this.#close(key)));
  }
}

function keyOf({ who, from, operation, status, query, purpose, caseNumber }: AuditEntry): string {
  return JSON.stringify([who?.id, from, operation, status, query, purpose, caseNumber]);
}

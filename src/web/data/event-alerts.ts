import type { Alert } from '../../contract/alert.ts';
import type { KeptAlert } from '../../contract/api/alerts.ts';
import { Cell } from './cell.ts';
import { request } from './request.ts';

/** What a list says of an alert of one of its events. */
export type EventAlert = Readonly<{
  alert_id: string;
  /** Name of the rule. */
  rule: string;
  severity: Alert['rule']['severity'];
  status: Alert['status'];
  /** Name of the entry that it was found by. */
  entry: string | null;
}>;

/** Rows of one list appear together; what they want is asked for at once after this time, milliseconds. */
const TOGETHER_MS = 30;
/** The API takes so many events in one request. */
const AT_ONCE = 500;
/** Events that are remembered; no list shows as many. */
const KEPT = 4000;
const NONE: readonly EventAlert[] = [];

/** The alerts of the events that are shown: fetched for a whole list at once, then kept up to date by the stream. */
export class EventAlerts {
  readonly #cells = new Map<string, Cell<readonly EventAlert[]>>();
  readonly #known = new Set<string>();
  readonly #wanted = new Set<string>();
  #timer: number | undefined;

  /** The alerts of one event; none until they are there. */
  of(id: string): Cell<readonly EventAlert[]> {
    const cell = this.#cells.get(id) ?? new Cell(NONE);
    this.#cells.set(id, cell);
    return cell;
  }

  /** Asks for the alerts of an event that is now shown, unless they are known. */
  want(id: string): void {
    if (this.#known.has(id)) return;
    this.#known.add(id);
    this.#wanted.add(id);
    this.#timer ??= window.setTimeout(() => void this.#fetch(), TOGETHER_MS);
  }

  /** An event has just come: its alerts are still to come over the stream. */
  expect(id: string): void {
    this.#known.add(id);
    this.#forgetOldest();
  }

  /** Takes an alert, or a revision of one, from the stream. */
  take({ alert_id, rule, status, passage, matched }: Alert): void {
    if (passage === null) return;
    const cell = this.of(passage.event_id);
    const { name, severity } = rule;
    const alert = { alert_id, rule: name, severity, status, entry: matched?.entry?.name ?? null };
    const isKnown = cell.value.some((one) => one.alert_id === alert_id);
    cell.set(isKnown ? cell.value.map((one) => (one.alert_id === alert_id ? alert : one)) : [...cell.value, alert]);
  }

  /** The stream was away, so anything may have changed. */
  renew(): void {
    const ids = [...this.#known].slice(-AT_ONCE);
    this.#known.clear();
    for (const id of ids) this.want(id);
  }

  async #fetch(): Promise<void> {
    this.#timer = undefined;
    const ids = [...this.#wanted].slice(-AT_ONCE);
    this.#wanted.clear();
    try {
      const { events } = await request<{ events: Record<string, readonly EventAlert[]> }>(
        `/alerts/of-events?ids=${ids.join(',')}`,
      );
      for (const id of ids) this.of(id).set(events[id] ?? NONE);
    } catch {
      // A list shows its reads without them; the next one asks again.
      for (const id of ids) this.#known.delete(id);
    }
    this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const id of [...this.#known].slice(0, Math.max(0, this.#known.size - KEPT))) {
      this.#known.delete(id);
      this.#cells.delete(id);
    }
  }
}

/** How many open alerts are fetched; of more it is only known that there are more. */
const COUNTED = 50;

/** The alerts that nobody has acknowledged, as far as they are counted. */
export class OpenAlerts {
  readonly counted = new Cell<Readonly<{ ids: ReadonlySet<string>; hasMore: boolean }>>({
    ids: new Set(),
    hasMore: false,
  });

  async refresh(): Promise<void> {
    const query = `open=true&held_back=false&limit=${COUNTED}`;
    const { alerts, next } = await request<{ alerts: readonly KeptAlert[]; next: string | null }>(`/alerts?${query}`);
    this.counted.set({ ids: new Set(alerts.map(({ alert }) => alert.alert_id)), hasMore: next !== null });
  }

  /** Says of one alert whether it is open. */
  mark(id: string, isOpen: boolean): void {
    const { ids, hasMore } = this.counted.value;
    if (ids.has(id) === isOpen) return;
    const others = [...ids].filter((one) => one !== id);
    this.counted.set({ ids: new Set(isOpen ? [...others, id] : others), hasMore });
  }
}

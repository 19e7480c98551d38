import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { type Arrival, type Bus, Undecodable } from '../bus/bus.ts';
import type { Alert } from '../contract/alert.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Rule, Schedule } from '../contract/rule.ts';
import type { Sql } from '../db/sql.ts';
import { noteTaken, type Taken } from '../telemetry/tracing/note-taken.ts';
import { NO_TRACING, type Tracing } from '../telemetry/tracing/tracing.ts';
import { ALERTS_GROUP } from './config.ts';
import type { DecidedEvent } from './make-alert.ts';
import type { AlertsMetrics } from './metrics.ts';
import { type Raised, raiseAlerts } from './raise-alerts.ts';

/** The rules of one moment. */
export interface RuleBook {
  /** By their ids. */
  readonly rules: ReadonlyMap<string, Rule>;
  /** For each of these events, and others whose past they change, the rules that match it. */
  decide(events: readonly PlateEvent[]): Promise<readonly DecidedEvent[]>;
  /** Passages that match by now, because nothing came after them. */
  findOverstays(now: number): Promise<readonly DecidedEvent[]>;
}

export type TakeOptions = Readonly<{
  sql: Sql;
  bus: Pick<Bus, 'kind'>;
  tracing?: Tracing;
  book: () => RuleBook;
  isWithin: (schedule: Schedule, at: number) => boolean;
  maxAgeMs: number;
  /** Is called after alerts were written. */
  onRaised: (raised: Raised) => void;
  metrics: AlertsMetrics;
}>;

/** A few milliseconds of decoding, after which sockets and timers have their turn. */
const AT_ONCE = 32;
/** Passages whose newest revision is remembered: one that comes late, after a person's correction, is not taken for newer. */
const REMEMBERED = 20_000;
const HOUR_MS = 3_600_000;

/** Holds batches of events against the rules in force. Rejects while the database is away, so that the batch comes again. */
export function createTakeEvents(
  options: TakeOptions,
): (batch: readonly Arrival<PlateEvent>[], hasFailed?: boolean) => Promise<void> {
  const { sql, isWithin, maxAgeMs, metrics, bus, tracing = NO_TRACING } = options;
  const newest = new Map<string, number>();
  return async (batch, hasFailed = false) => {
    const receivedAt = Date.now();
    const stop = metrics.stage.startTimer({ stage: 'alert' });
    const taken = (await readNewest(batch)).filter(({ event }) => event.revision >= (newest.get(event.event_id) ?? 0));
    const events = taken.map(({ event }) => event);
    const book = options.book();
    const decided = await book.decide(events);
    const now = Date.now();
    const came = new Set(events.map(({ event_id }) => event_id));
    const again = new Set(decided.flatMap(({ event }) => (came.has(event.event_id) ? [] : [event.event_id])));
    const given = { sql, rules: book.rules, isWithin, again, now, notBefore: now - maxAgeMs };
    const raised = await raiseAlerts(given, decided);
    for (const { event_id, revision } of events) {
      newest.delete(event_id);
      newest.set(event_id, revision);
    }
    for (const id of newest.keys()) {
      if (newest.size <= REMEMBERED) break;
      newest.delete(id);
    }
    if (raised.alerts.length > 0) options.onRaised(raised);
    noteDelays(metrics, raised.alerts, events);
    stop(events.at(-1)?.event_id);
    if (!tracing.isOn) return;
    const made = Map.groupBy(raised.alerts, ({ passage }) => passage?.event_id);
    noteTaken(tracing, taken, {
      ...{ bus: bus.kind, group: ALERTS_GROUP, receivedAt, hasFailed },
      steps: ({ event_id }) => {
        const attributes = { 'alpr.alerts': made.get(event_id.toLowerCase())?.length ?? 0 };
        return [{ name: 'alert', from: receivedAt, to: Date.now(), attributes }];
      },
    });
  };
}

/** Raises the alerts of passages after which nothing came for so long. */
export async function takeOverstays({ sql, isWithin, maxAgeMs, onRaised, ...options }: TakeOptions): Promise<void> {
  const [book, now] = [options.book(), Date.now()];
  const decided = await book.findOverstays(now);
  const again = new Set(decided.map(({ event }) => event.event_id));
  const raised = await raiseAlerts(
    { sql, rules: book.rules, isWithin, again, now, notBefore: now - maxAgeMs },
    decided,
  );
  if (raised.alerts.length > 0) onRaised(raised);
}

/** The newest revision of each event of a batch, in the order in which they came; what is no event is left to ingest. */
async function readNewest(batch: readonly Arrival<PlateEvent>[]): Promise<readonly Taken[]> {
  const events = new Map<string, Taken>();
  for (const [at, arrival] of batch.entries()) {
    if (at > 0 && at % AT_ONCE === 0) await yieldToOthers();
    const event = arrival.read();
    if (event instanceof Undecodable) continue;
    const known = events.get(event.event_id)?.event.revision ?? 0;
    if (event.revision >= known) events.set(event.event_id, { event, headers: arrival.message.headers });
  }
  return [...events.values()];
}

function noteDelays(metrics: AlertsMetrics, alerts: readonly Alert[], events: readonly PlateEvent[]): void {
  const published = new Map(events.map((event) => [event.event_id.toLowerCase(), Date.parse(event.time.published)]));
  for (const { passage } of alerts) {
    const id = passage?.event_id ?? '';
    const delay = Date.now() - (published.get(id) ?? Number.NaN);
    // An event of an edge that was cut off says nothing of our haste, nor does one of a wrong clock.
    if (delay >= 0 && delay < HOUR_MS) metrics.delay.observe({}, delay / 1000, id);
  }
}

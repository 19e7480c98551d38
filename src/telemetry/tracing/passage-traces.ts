import type { PlateEvent } from '../../contract/plate-event.ts';
import { FIRST_REVIEW } from '../../contract/plate-event.ts';
import { rebuildSteps, type Span, toSpans } from './span.ts';
import type { Noted } from './tracing.ts';

/** Events that somebody had a reason to trace, and revisions whose beginning is exported. */
const MOST_REMEMBERED = 4096;
/** Events whose steps are kept in case that a reason turns up. */
const MOST_KEPT = 1024;
/** The share of what is remembered that is forgotten at once: finding the oldest alone means passing all that were forgotten before it. */
const FORGOTTEN = 1 / 8;
/** An event that is published so much later was not watched as it happened: it comes from a recording. */
const LIVE_MS = 3_600_000;

type Options = Readonly<{
  slowMs: number;
  /** Takes spans that belong together: all or none. */
  add: (spans: readonly Span[]) => void;
}>;

/** Steps of which nobody makes spans as long as nobody wants them. */
type Kept = Readonly<{ service: string; event: Noted['event']; steps: Noted['steps'] }>;

const NONE: readonly Kept[] = [];

/** Which passages this process exports, and what it still knows of the others. Its memory is bounded. */
export class PassageTraces {
  readonly #options: Options;
  readonly #wanted = new Set<string>();
  readonly #begun = new Set<string>();
  readonly #kept = new Map<string, readonly Kept[]>();
  #slow = { at: 0, before: '' };

  constructor(options: Options) {
    this.#options = options;
  }

  wants(eventId: string): boolean {
    return this.#wanted.size > 0 && this.#wanted.has(eventId);
  }

  want(eventId: string): void {
    if (!this.wants(eventId)) remember(this.#wanted, eventId);
  }

  isSlow({ revision, source, time }: PlateEvent, now: number): boolean {
    if (this.#slow.at !== now) this.#slow = { at: now, before: new Date(now - this.#options.slowMs).toISOString() };
    // Times of events are texts of one length: their order is that of the alphabet.
    if (time.last_seen >= this.#slow.before || revision >= FIRST_REVIEW || source !== 'edge') return false;
    const isLive = Date.parse(time.published) - Date.parse(time.last_seen) <= LIVE_MS;
    return isLive || time.published < this.#slow.before;
  }

  note(service: string, { event, steps, unexported, keeps = false }: Noted): void {
    const { event_id } = event;
    if (!this.wants(event_id)) {
      if (keeps) this.#keep({ service, event: { event_id, revision: event.revision }, steps });
      return;
    }
    const before = this.#takeBefore(event_id, unexported);
    const spans = toSpans(service, event, steps);
    this.#options.add(before.length > 0 ? [...before, ...spans] : spans);
  }

  /** What came before and is not exported: as it was kept here, or else as the event has it. */
  #takeBefore(eventId: string, unexported: PlateEvent | undefined): readonly Span[] {
    const kept = this.#kept.get(eventId) ?? NONE;
    if (kept.length > 0) this.#kept.delete(eventId);
    const isBegun = this.#begun.has(eventId);
    if (!isBegun) remember(this.#begun, eventId);
    if (kept.length > 0) return kept.flatMap(({ service, event, steps }) => toSpans(service, event, steps));
    return unexported === undefined || isBegun ? [] : toSpans('edge', unexported, rebuildSteps(unexported));
  }

  #keep(one: Kept): void {
    const { event_id } = one.event;
    const kept = this.#kept.get(event_id) ?? NONE;
    this.#kept.delete(event_id);
    this.#kept.set(event_id, [...kept, one]);
    forgetOldest(this.#kept, MOST_KEPT);
  }
}

function remember(set: Set<string>, eventId: string): void {
  set.add(eventId);
  forgetOldest(set, MOST_REMEMBERED);
}

function forgetOldest(kept: Set<string> | Map<string, unknown>, most: number): void {
  if (kept.size <= most) return;
  let left = most * FORGOTTEN;
  for (const oldest of kept.keys()) {
    if (left-- <= 0) break;
    kept.delete(oldest);
  }
}

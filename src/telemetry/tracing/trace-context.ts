import { rootSpanIdOf, traceIdOf } from '../../contract/trace-id.ts';
import type { TraceHeaders } from './tracing.ts';

const PARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]([0-9a-f])(?:-|$)/;
const SENT = /(?:^|,)alpr=(\d{13})(?:,|$)/;
/** Hex digits at the end of an event's id, which are random and have no hyphen among them. */
const DIGITS = 12;

/** Where a trace goes on. */
export type TraceContext = Readonly<{ traceId: string; spanId: string; isSampled: boolean }>;

/**
 * Whether a trace belongs to the share: by the random end of its id, which is that of the event's id too, so that all processes
 * decide alike without asking.
 */
export function createShare(share: number): (id: string) => boolean {
  const end = Math.ceil(share * 16 ** DIGITS);
  if (end >= 16 ** DIGITS) return () => true;
  const before = end.toString(16).padStart(DIGITS, '0');
  // Digits before letters: the order of texts is that of the numbers.
  return (id) => id.slice(-DIGITS).toLowerCase() < before;
}

/** Says yes so many times a second, and as many times at once after a pause (a token bucket). */
export function createBudget(perSecond: number, now: () => number = () => performance.now()): () => boolean {
  let [left, at] = [perSecond, now()];
  return () => {
    const moment = now();
    left = Math.min(perSecond, left + ((moment - at) / 1000) * perSecond);
    at = moment;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}

/** Headers of a message about an event whose trace is exported, sent at this moment. */
export function formatHeaders(eventId: string, now: number): TraceHeaders {
  return { traceparent: formatParent(eventId), tracestate: `alpr=${now}` };
}

/** The `traceparent` of an event whose trace is exported: the next span belongs to the root. */
export function formatParent(eventId: string): string {
  const traceId = traceIdOf(eventId);
  return `00-${traceId}-${rootSpanIdOf(traceId)}-01`;
}

/** A W3C `traceparent`; undefined where it is none. */
export function parseParent(text: string | undefined): TraceContext | undefined {
  const [, traceId, spanId, flags] = PARENT.exec(text ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined || text?.startsWith('ff')) return undefined;
  return { traceId, spanId, isSampled: Number.parseInt(flags, 16) % 2 === 1 };
}

/** Whether the sender of a message has exported the trace of this event, and when it sent the message. */
export function readHeaders(
  { traceparent, tracestate = '' }: Readonly<Record<string, string>>,
  eventId: string,
): Readonly<{ isExported: boolean; sentAt: number | undefined }> {
  const sentAt = SENT.exec(tracestate)?.[1];
  return {
    isExported: traceparent === formatParent(eventId),
    sentAt: sentAt === undefined ? undefined : Number(sentAt),
  };
}

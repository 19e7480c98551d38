import { Raw } from '../bus/bus.ts';
import type { PlateEvent } from '../contract/plate-event.ts';

/** What an entry of the spool holds: an event, or bytes that are none, and whether its trace was exported when it was spooled. */
export type SpooledEvent = Readonly<{ content: PlateEvent | Raw; isTraced: boolean }>;

const FIELD = ',"traceparent":"';
/** Characters of that field and of the end of the event behind it. */
const TRACE_LENGTH = FIELD.length + '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"}'.length;

/** The bytes of an event with the trace that it belongs to beside its fields; versions that know of none ignore it. */
export function addTrace(event: Uint8Array, traceparent: string): Uint8Array {
  return Buffer.concat([event.subarray(0, -1), Buffer.from(`${FIELD}${traceparent}"}`)]);
}

/**
 * The event in an entry of the spool. An entry that is none still goes out as it is: its consumer makes it a dead letter with
 * its bytes. What the event holds the bus checks.
 */
export function readSpooled(payload: Uint8Array): SpooledEvent {
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString();
  try {
    const isTraced = text.startsWith(FIELD, text.length - TRACE_LENGTH);
    // Cut off before it is parsed: an object that loses a field is slow in all that comes after it.
    const value: unknown = JSON.parse(isTraced ? `${text.slice(0, -TRACE_LENGTH)}}` : text);
    if (claimsToBeEvent(value)) return { content: value, isTraced };
  } catch {
    // No JSON is no event.
  }
  const key = /"camera_id":"([^"\\]*)"/.exec(text)?.[1] ?? 'unknown';
  return { content: new Raw({ key, value: payload }), isTraced: false };
}

function claimsToBeEvent(value: unknown): value is PlateEvent {
  if (typeof value !== 'object' || value === null || !('plate' in value && 'camera_id' in value)) return false;
  return typeof value.plate === 'object' && value.plate !== null && typeof value.camera_id === 'string';
}

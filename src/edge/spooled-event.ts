import { Raw } from '../bus/bus.ts';
import type { PlateEvent } from '../contract/plate-event.ts';

/** What an entry of the spool holds: an event, or bytes that are none, and whether its trace was exported when it was spooled. */
export type SpooledEvent = Readonly<{ content: PlateEvent | Raw; isTraced: boolean }>;

/** The bytes of an event with the trace that it belongs to beside its fields; versions that know of none ignore it. */
export function addTrace(event: Uint8Array, traceparent: string): Uint8Array {
  return Buffer.concat([event.subarray(0, -1), Buffer.from(`,"traceparent":"${traceparent}"}`)]);
}

/**
 * The event in an entry of the spool. An entry that is none still goes out as it is: its consumer makes it a dead letter with
 * its bytes. What the event holds the bus checks.
 */
export function readSpooled(payload: Uint8Array): SpooledEvent {
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString();
  try {
    const value: unknown = JSON.parse(text);
    if (claimsToBeEvent(value)) {
      if (!('traceparent' in value)) return { content: value, isTraced: false };
      const { traceparent, ...content } = value;
      return { content, isTraced: typeof traceparent === 'string' };
    }
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

import { AlprError } from '../base/errors.ts';
import { type PlateEvent, plateEventSchema } from './plate-event.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** A PlateEvent as UTF-8 JSON, the wire format of the in-process bus and of the spool. */
export function encodeEvent(event: PlateEvent): Uint8Array {
  return encoder.encode(JSON.stringify(event));
}

/** The PlateEvent in `bytes`, or EVENT_INVALID naming the first field that does not fit. */
export function decodeEvent(bytes: Uint8Array): PlateEvent {
  const result = plateEventSchema.safeParse(parseJson(bytes));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new AlprError(
    'EVENT_INVALID',
    `Expected a PlateEvent (schema_version 1); at ${issue?.path.join('.') || 'the top'}: ${issue?.message ?? 'no match'}`,
  );
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw new AlprError('EVENT_INVALID', `Expected a PlateEvent as UTF-8 JSON, got ${bytes.length} other bytes`, {
      cause,
    });
  }
}

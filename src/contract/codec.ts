import type { z } from 'zod';
import { AlprError } from '../base/errors.ts';
import { type NoteIgnored, parseKnown } from './known-fields.ts';
import { type PlateEvent, plateEventSchema } from './plate-event.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** A PlateEvent as UTF-8 JSON, the format of the spool and one of the wire. */
export function encodeEvent(event: PlateEvent): Uint8Array {
  return encoder.encode(JSON.stringify(event));
}

/** The PlateEvent in `bytes`, without fields that it does not know; EVENT_INVALID names the first field that does not fit. */
export function decodeEvent(bytes: Uint8Array, note?: NoteIgnored): PlateEvent {
  const result = parseKnown(plateEventSchema, parseJson(bytes), note);
  if (result.success) return result.data;
  throw describeMisfit(result.error);
}

/** EVENT_INVALID for what is not quite the PlateEvent that it claims to be, naming the first field that does not fit. */
export function findEventFault(event: PlateEvent): AlprError | undefined {
  const result = plateEventSchema.safeParse(event);
  return result.success ? undefined : describeMisfit(result.error);
}

function describeMisfit({ issues: [issue] }: z.ZodError): AlprError {
  return new AlprError(
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

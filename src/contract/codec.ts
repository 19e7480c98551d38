import type { z } from 'zod';
import { AlprError } from '../base/errors.ts';
import { findUnfit } from './check-event.ts';
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
  if (!result.success) throw describeMisfit(result.error);
  const fault = findUnfitFault(result.data);
  if (fault) throw fault;
  return result.data;
}

/** EVENT_INVALID for what is not quite the PlateEvent that it claims to be, naming the first field that does not fit. */
export function findEventFault(event: PlateEvent): AlprError | undefined {
  const result = plateEventSchema.safeParse(event);
  return result.success ? findUnfitFault(event) : describeMisfit(result.error);
}

/** EVENT_INVALID for a well-formed event with a value that no store may be given. */
export function findUnfitFault(event: PlateEvent): AlprError | undefined {
  const path = findUnfit(event);
  if (path === undefined) return undefined;
  return new AlprError('EVENT_INVALID', `Expected a PlateEvent whose texts and keys can be stored; ${path} cannot`);
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

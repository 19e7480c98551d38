/**
 * The trace of a passage (W3C, 32 hex digits) is the id of its event without hyphens: a UUIDv7 has as many bits, so no process
 * has to ask another for it.
 */
export function traceIdOf(eventId: string): string {
  return eventId.replaceAll('-', '').toLowerCase();
}

/** The root span of a passage's trace (16 hex digits): the last half of its id, which is mostly random. */
export function rootSpanIdOf(traceId: string): string {
  return traceId.slice(16);
}

/** Where people look at the trace of an event; null where no template with `{trace_id}` says so. */
export function traceUrlOf(eventId: string, template: string | undefined): string | null {
  return template?.replaceAll('{trace_id}', traceIdOf(eventId)) ?? null;
}

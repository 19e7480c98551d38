/** Before this no event can have been detected: clocks without a battery wake in 1970, 1980 or 2000. */
export const FIRST_TIME = '2010-01-01T00:00:00.000Z';

/** As far ahead as a wrong time zone puts a clock. */
const AHEAD_MS = 86_400_000;

/** The times at which an event can have been detected, ISO 8601, both included. */
export type TimeSpan = Readonly<{ from: string; to: string }>;

/**
 * The times that are plausible at `now` (milliseconds): from 2010 until one day ahead. Lists, searches and counts are of
 * these unless they are asked for others.
 */
export function plausibleSpan(now: number): TimeSpan {
  return { from: FIRST_TIME, to: new Date(now + AHEAD_MS).toISOString() };
}

/** Whether an event can have been detected then, as far as can be told at `now` (milliseconds). */
export function isPlausible(detectedAt: string, now: number): boolean {
  const at = Date.parse(detectedAt);
  return at >= Date.parse(FIRST_TIME) && at <= now + AHEAD_MS;
}

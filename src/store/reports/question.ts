/**
 * What a question is asked with, as pieces of SQL: bound values where our own screen asks, variables where Metabase does. So each
 * question has one text.
 */
export type Given = Readonly<{
  /** The first and the last day, both included: dates. */
  from: string;
  to: string;
  /** The time zone in which a day is a day: a text. */
  zone: string;
  /** The condition on `site_id` and `camera_id`. */
  place: string;
}>;

/** A question as a statement that changes nothing. */
export type Question = (given: Given) => string;

/** The condition that a moment lies within the days that are asked for, or so many days after them, too. */
export function within(column: string, { from, to, zone }: Given, daysAfter = 0): string {
  const start = `${from}::timestamp AT TIME ZONE ${zone}`;
  return `${column} >= ${start} AND ${column} < (${to} + ${daysAfter + 1})::timestamp AT TIME ZONE ${zone}`;
}

/** The day of a moment. */
export function dayOf(column: string, { zone }: Pick<Given, 'zone'>): string {
  return `(${column} AT TIME ZONE ${zone})::date`;
}

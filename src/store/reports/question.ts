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

/** The condition that a time lies within the days that are asked for, extended by so many days before and after. */
export function within(column: string, { from, to, zone }: Given, { before = 0, after = 0 } = {}): string {
  const first = before === 0 ? from : `(${from} - ${before})`;
  return `${column} >= ${first}::timestamp AT TIME ZONE ${zone} AND ${column} < (${to} + ${after + 1})::timestamp AT TIME ZONE ${zone}`;
}

/**
 * The day of a time, found among the times at which the days that are asked for begin: converting a million times to a time zone takes
 * longer than the rest of a question. Every earlier time belongs to the day before them, and every later one to the day after.
 */
export function dayOf(column: string, { from, to, zone }: Given): string {
  const begins = `ARRAY(SELECT (${from} + nth)::timestamp AT TIME ZONE ${zone} FROM generate_series(0, ${to} - ${from} + 1) AS nth)`;
  return `(${from} + width_bucket(${column}, ${begins}) - 1)`;
}

/** The days that are asked for in steps of a week, as a table with the times at which each step begins and ends. */
export function weeksOf({ from, to, zone }: Given): string {
  const beginOf = (day: string) => `(${day})::timestamp AT TIME ZONE ${zone}`;
  return `(
  SELECT ${beginOf(`${from} + nth`)} AS begins, ${beginOf(`least(${from} + nth + 7, ${to} + 1)`)} AS ends
  FROM generate_series(0, ${to} - ${from}, 7) AS nth
) AS weeks`;
}

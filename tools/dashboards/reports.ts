import type { ReportName } from '../../src/contract/report.ts';
import { QUESTIONS } from '../../src/store/reports/read-report.ts';
import { type Query, sql } from './panel.ts';
import { PLACE } from './sql.ts';

/** A day is one in the time zone of the database. */
const ZONE = "current_setting('TimeZone')";
const dayOf = (moment: string) => `(${moment}::timestamptz AT TIME ZONE ${ZONE})::date`;
const GIVEN = { from: dayOf('$__timeFrom()'), to: dayOf('$__timeTo()'), zone: ZONE, place: PLACE };

/** A day of an answer as a moment, so that it can be drawn. */
export const DAY = `day::timestamp AT TIME ZONE ${ZONE} AS time`;

/** A question of the reports, of the days that the dashboard shows. */
export function askReport(name: ReportName): Query {
  return sql(QUESTIONS[name](GIVEN));
}

/** These columns of its answer, the first of them `time`. */
export function drawReport(name: ReportName, columns: string): Query {
  return sql(`SELECT ${columns} FROM (${QUESTIONS[name](GIVEN).trim()}) AS asked ORDER BY 1`);
}

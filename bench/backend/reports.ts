import path from 'node:path';
import { REPORT_NAMES } from '../../src/contract/report.ts';
import type { Sql } from '../../src/db/sql.ts';
import { readReport } from '../../src/store/reports/read-report.ts';
import type { Row } from '../row.ts';
import { timeDatabase } from './processor-time.ts';
import { fillReports } from './reports-data.ts';
import { fillOnce } from './search-kept.ts';
import { openBenchDatabase } from './store.ts';

const DAY_MS = 86_400_000;
const TIMES = 3;
/** The period that the screen begins with, and the longest. */
const PERIODS = [30, 366];

export type ReportScale = Readonly<{ events: number; keep?: string | undefined }>;

/**
 * Processor time of the database for each question of the reports over events of a year, of the last 30 days and of all of it. Baseline:
 * the read rate of the same period.
 */
export async function run({ events, keep }: ReportScale): Promise<readonly Row[]> {
  const folder = keep && path.join(keep, `reports-${events}`);
  await using database = await openBenchDatabase(folder);
  const { sql } = database;
  await fillOnce({ folder, goesOn: false, fill: () => fillReports(sql, events) });
  const [newest] = await sql.query<{ at: Date }>('SELECT max(detected_at) AS at FROM plate_events');
  const rows: Row[] = [];
  for (const days of PERIODS) rows.push(...(await measure(sql, newest?.at ?? new Date(), days)));
  return rows;
}

async function measure(sql: Sql, end: Date, days: number): Promise<readonly Row[]> {
  const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
  const from = dayOf(end.getTime() - (days - 1) * DAY_MS);
  const wanted = { from, to: dayOf(end.getTime()), timeZone: 'Europe/Berlin', scope: undefined };
  const rows: Row[] = [];
  for (const name of REPORT_NAMES) {
    const value = await timeDatabase(sql, () => readReport(sql, name, wanted), TIMES);
    rows.push({ what: `${name}, ${days} days`, value, unit: 'ms' });
  }
  const baseline = rows.find(({ what }) => what.startsWith('read-rate'))?.value ?? 1;
  return rows.map((row) => ({ ...row, ratio: row.value / baseline }));
}

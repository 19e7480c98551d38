import { afterAll, beforeAll, expect, test } from 'vitest';
import { timeDatabase } from '../../../bench/backend/processor-time.ts';
import { fillReports } from '../../../bench/backend/reports-data.ts';
import type { ReportAnswer } from '../../../src/contract/api/reports.ts';
import { REPORT_NAMES, type ReportName } from '../../../src/contract/report.ts';
import { readReport } from '../../../src/store/reports/read-report.ts';
import { type OwnDatabase, openOwnDatabase } from '../../db/test-database.ts';
import { HandCount } from './count-by-hand.ts';

const READS = 1_000_000;
const timeZone = 'Europe/Berlin';
const today = new Date().toISOString().slice(0, 10);
/** What the screen begins with, and the longest. */
const PERIODS = [30, 366].map((days) => {
  const from = new Date(Date.parse(today) - (days - 1) * 86_400_000).toISOString().slice(0, 10);
  return {
    days,
    wanted: { from, to: today, timeZone, scope: undefined },
    counted: new HandCount({ from, to: today, timeZone }),
  };
});

let database: OwnDatabase;

beforeAll(async () => {
  database = await openOwnDatabase();
  await fillReports(database.sql, READS, (event) => {
    for (const { counted } of PERIODS) counted.add(event);
  });
}, 900_000);
afterAll(() => database?.[Symbol.asyncDispose]());

test.each(PERIODS)(
  'of a million reads in a year, those of $days days are told as they are counted without a database',
  async ({ wanted, counted }) => {
    for (const [name, rows] of Object.entries(counted.answer())) {
      const told = await readReport(database.sql, name as ReportName, wanted);
      expect(sort(told.map(valuesOf)), name).toEqual(sort(rows));
    }
  },
  120_000,
);

/** What has to look at every plate of a year by itself: a second is not enough on a busy machine. */
const EVERY_PLATE: readonly ReportName[] = ['top-plates', 'visits', 'new-and-returning'];

test.each(PERIODS)(
  'each question about $days days of them takes little time of one processor',
  async ({ days, wanted }) => {
    const slow: string[] = [];
    for (const name of REPORT_NAMES) {
      const ms = await timeDatabase(database.sql, () => readReport(database.sql, name, wanted), 2);
      const most = days > 30 && EVERY_PLATE.includes(name) ? 2500 : 1000;
      if (ms > most) slow.push(`${name}: ${ms} ms`);
    }
    expect(slow).toEqual([]);
  },
  300_000,
);

const MOMENT = /^\d{4}-\d\d-\d\dT/;

/** Moments as numbers: they have several ways to be written. */
function valuesOf(row: ReportAnswer['rows'][number]): readonly unknown[] {
  return Object.values(row).map((value) =>
    typeof value === 'string' && MOMENT.test(value) ? Date.parse(value) : value,
  );
}

function sort(rows: readonly (readonly unknown[])[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReportName } from '../../../src/contract/report.ts';
import { REPORT_NAMES, reportOf } from '../../../src/contract/report.ts';
import { readReport } from '../../../src/store/reports/read-report.ts';
import { writeEvents } from '../../../src/store/write-events.ts';
import { openTestDatabase, type TestDatabase } from '../../db/test-database.ts';
import { makeEvent } from '../make-event.ts';
import { fillSeenDays } from './seen-days.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  await fillSeenDays(database.sql);
});
afterAll(() => database[Symbol.asyncDispose]());

const weekend = { from: '2026-03-28', to: '2026-03-29', timeZone: 'Europe/Berlin', scope: undefined };
const [saturday, sunday] = ['2026-03-28', '2026-03-29'];

/** Counted by hand from the list in seen-days.ts, in the order of the columns. */
const COUNTED: Readonly<Partial<Record<ReportName, readonly (readonly unknown[])[]>>> = {
  'reads-by-day': [
    [saturday, 'gate-in', 2],
    [saturday, 'gate-out', 1],
    [saturday, 'street', 2],
    [sunday, 'gate-in', 3],
    [sunday, 'gate-out', 1],
    [sunday, 'street', 1],
  ],
  'read-rate': [
    [saturday, 3, 1, 0.75],
    [sunday, 4, 3, 0.5714],
  ],
  'lost-by-reason': [
    ['blurred', 3, 0.75],
    ['too_small', 1, 0.25],
  ],
  'top-plates': [
    ['AA1', 3, 2, 2, '2026-03-28T07:00:00+00:00', '2026-03-29T08:00:00+00:00'],
    ['BB2', 2, 2, 2, '2026-03-28T08:00:00+00:00', '2026-03-29T07:00:00+00:00'],
    ['DD4', 2, 1, 1, '2026-03-28T11:00:00+00:00', '2026-03-28T11:45:00+00:00'],
    ['GG7', 2, 1, 1, '2026-03-29T13:00:00+00:00', '2026-03-29T14:00:00+00:00'],
    ['EE5', 1, 1, 1, '2026-03-29T10:00:00+00:00', '2026-03-29T10:00:00+00:00'],
  ],
  // AA1 30 minutes, BB2 23 hours, DD4 45 minutes; then AA1 48 hours, and EE5 and twice GG7 without an end.
  visits: [
    [saturday, 3, 3, 45, 1380],
    [sunday, 4, 1, 2880, 2880],
  ],
  'new-and-returning': [
    [saturday, 3, 0],
    [sunday, 1, 3],
  ],
  alerts: [
    ['watched', 3, 1, 0, 1, 1, 0.5],
    ['vip', 1, 0, 1, 0, 0, null],
  ],
  deliveries: [
    ['hook', 'waiting', 1, 0, null],
    ['mail', 'dead', 1, 5, 60],
    ['mail', 'sent', 2, 3, 3],
  ],
  corrections: [
    ['gate-in', 6, 1, 0, 0, 1, 0, 0],
    ['street', 3, 1, 0, 1, 0, 0, 1],
    ['gate-out', 2, 0, 0, 0, 0, 0, null],
  ],
  classes: [
    [null, null, 7, 0.7],
    ['DE', 'car', 3, 0.3],
  ],
  pictures: [
    [saturday, 5, 1],
    [sunday, 5, 1],
  ],
};

test.each(Object.entries(COUNTED))(
  '%s is what was counted by hand, also where clocks change',
  async (name, counted) => {
    const rows = await readReport(database.sql, name as ReportName, weekend);
    expect(rows.map((row) => Object.values(row))).toEqual(counted);
  },
);

test('every question answers with the columns it is said to have', async () => {
  for (const name of REPORT_NAMES) {
    const [row] = await readReport(database.sql, name, weekend);
    expect(Object.keys(row ?? {}), name).toEqual(Object.keys(reportOf(name).columns));
  }
});

test('reads by hour have every hour of the two days, of which one has 23', async () => {
  const rows = await readReport(database.sql, 'reads-by-hour', weekend);
  expect([rows.length, rows[0]?.hour, rows.at(-1)?.hour]).toEqual([
    47,
    '2026-03-27T23:00:00+00:00',
    '2026-03-29T21:00:00+00:00',
  ]);
  expect(
    rows.filter(({ reads }) => reads !== 0).map(({ hour, reads }) => `${String(hour).slice(8, 13)} ${reads}`),
  ).toEqual(['28T07 2', '28T08 1', '28T11 2', '29T07 1', '29T08 1', '29T10 1', '29T13 1', '29T14 1']);
});

test('storage counts the parts of a table for it', async () => {
  await database.sql.query('ANALYZE plate_events');
  const rows = await readReport(database.sql, 'storage', weekend);
  expect(rows.find(({ name }) => name === 'plate_events')).toMatchObject({ rows: 15 });
  expect(rows.filter(({ name }) => /^plate_events_|pg_/.test(String(name)))).toEqual([]);
  expect(Number(rows.find(({ name }) => name === 'plate_events')?.bytes)).toBeGreaterThan(8192);
});

test('whoever may see one camera gets what is of it, whatever is asked for', async () => {
  const scope = { cameras: ['street'], sites: [] };
  const askFor = async (name: ReportName, more = {}) =>
    (await readReport(database.sql, name, { ...weekend, scope, ...more })).map((row) => Object.values(row)[0]);
  expect(await askFor('top-plates')).toEqual(['DD4', 'EE5']);
  expect(await askFor('alerts')).toEqual(['vip']);
  expect(await askFor('deliveries')).toEqual(['hook']);
  expect(await askFor('read-rate')).toEqual([]);
  expect(await askFor('top-plates', { camera: 'gate-in' })).toEqual([]);
  expect(await askFor('top-plates', { site: 'street' })).toEqual(['DD4', 'EE5']);
});

test('cameras of two sites that have the same id are told apart', async () => {
  const { sql } = database;
  const at = Date.parse('2026-05-02T10:00:00Z');
  const seen = ['yard', 'depot'].map((site_id) => ({ ...makeEvent({ text: 'TW1N', camera: 'gate', at }), site_id }));
  await writeEvents(sql, [...seen, makeEvent({ text: 'TW1N', camera: 'street', at })]);
  const day = { from: '2026-05-02', to: '2026-05-02', timeZone: 'UTC', scope: undefined };
  const camerasOf = async (name: ReportName, more = {}) =>
    (await readReport(sql, name, { ...day, ...more })).map(({ camera, reads }) => `${camera} ${reads}`).toSorted();
  for (const name of ['reads-by-day', 'corrections'] as const) {
    expect(await camerasOf(name)).toEqual(['depot/gate 1', 'street 1', 'yard/gate 1']);
    expect(await camerasOf(name, { site: 'depot' })).toEqual(['gate 1']);
  }
  expect(await readReport(sql, 'top-plates', day)).toMatchObject([{ plate: 'TW1N', reads: 3, cameras: 3 }]);
});

test('reads that were stored before their direction and pictures were noted are counted alike', async () => {
  await database.sql.query('UPDATE plate_events SET moved = NULL, has_pictures = NULL');
  for (const [name, counted] of Object.entries(COUNTED)) {
    const rows = await readReport(database.sql, name as ReportName, weekend);
    expect(
      rows.map((row) => Object.values(row)),
      name,
    ).toEqual(counted);
  }
});

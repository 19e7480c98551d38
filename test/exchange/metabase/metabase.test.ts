import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../../src/base/log.ts';
import { REPORT_NAMES, type ReportName, reportOf } from '../../../src/contract/report.ts';
import { migrate } from '../../../src/db/migrate.ts';
import { openPostgres } from '../../../src/db/postgres.ts';
import type { Sql } from '../../../src/db/sql.ts';
import { openMetabase } from '../../../src/exchange/metabase/api.ts';
import { variablesOf, writeStatement } from '../../../src/exchange/metabase/cards.ts';
import { type Provision, provision } from '../../../src/exchange/metabase/provision.ts';
import { readReport } from '../../../src/store/reports/read-report.ts';
import { grantReports, REPORTS_ROLE, removeReportsRole } from '../../../src/store/reports/role.ts';
import { shareDatabase } from '../../servers/shared.ts';
import { fillSeenDays } from '../../store/reports/seen-days.ts';
import { FakeMetabase } from './fake-metabase.ts';

const log = createLog({ level: 'silent' });
const admin = { email: 'ada@example.com', password: 'open-sesame-77' };
const password = 'only-reads-reports-1';
const wanted: Provision = {
  database: { host: 'timescaledb', port: 5432, dbname: 'alpr', user: REPORTS_ROLE, password, ssl: false },
  timeZone: 'Europe/Berlin',
  withPlates: true,
  newPassword: false,
};

const opened = new AsyncDisposableStack();
let owner: Sql;
let reader: Sql;

beforeAll(async () => {
  const database = opened.use(await shareDatabase());
  owner = opened.use(await openPostgres({ connectionString: database.url, poolSize: 2, log }));
  await migrate({ sql: owner, log });
  await fillSeenDays(owner);
  await grantReports(owner, { password, withPlates: true });
  opened.defer(async () => void (await removeReportsRole(owner)));
  const url = new URL(database.url);
  Object.assign(url, { username: REPORTS_ROLE, password });
  reader = opened.use(await openPostgres({ connectionString: url.href, poolSize: 2, log }));
});
afterAll(() => opened.disposeAsync());

/** As Metabase's documentation says: what stands in brackets counts where its variable has a value, and values are bound. */
function fillIn(statement: string, values: Readonly<Record<string, string>>) {
  const bound: string[] = [];
  const text = statement
    .replaceAll(/\[\[(.*?)\]\]/gs, (_, inner: string) =>
      variablesOf(inner).every((name) => name in values) ? inner : '',
    )
    .replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => `$${bound.push(values[name] ?? '')}`);
  return { text, bound };
}

async function askAsMetabase(name: ReportName, values: Readonly<Record<string, string>>) {
  const { text, bound } = fillIn(writeStatement(name, 'Europe/Berlin'), values);
  const rows = await reader.query<{ row: object }>(`SELECT to_json(asked) AS row FROM (${text}) AS asked`, bound);
  return rows.map(({ row }) => row);
}

test('the role of reports gets the same answers by Metabase’s statements as our own screen', async () => {
  const period = { from: '2026-03-28', to: '2026-03-29' };
  const own = { ...period, timeZone: 'Europe/Berlin', scope: undefined };
  for (const name of REPORT_NAMES) {
    expect(await askAsMetabase(name, period), name).toEqual(await readReport(owner, name, own));
    const atGate = { ...own, camera: 'gate-in', site: 'yard' };
    expect(await askAsMetabase(name, { ...period, camera: 'gate-in', site: 'yard' }), name).toEqual(
      await readReport(owner, name, atGate),
    );
    // Without values it is about the last 30 days.
    expect(Array.isArray(await askAsMetabase(name, {})), name).toBe(true);
  }
});

test('the role reads nothing else, changes nothing, and no plate where it must not', async () => {
  const tables = await owner.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
       AND has_any_column_privilege('${REPORTS_ROLE}', oid, 'SELECT, INSERT, UPDATE') ORDER BY 1`,
  );
  const counts = ['passage_counts', 'passages_per_camera_hour', 'reads_per_camera_hour'];
  const views = ['report_alerts', 'report_deliveries', 'report_plates', 'report_reads'];
  expect(tables.map(({ name }) => name)).toEqual([...counts, ...views]);
  for (const statement of [
    'SELECT text_normalized FROM plate_events',
    'SELECT event FROM report_reads',
    'SELECT * FROM user_accounts',
    'CREATE TABLE mine (a int)',
    'INSERT INTO report_alerts (status) VALUES (NULL)',
  ]) {
    await expect(reader.query(statement), statement).rejects.toThrow(/permission denied|does not exist|read-only/);
  }
  await grantReports(owner, { password, withPlates: false });
  await expect(askAsMetabase('top-plates', {})).rejects.toThrow('permission denied for view report_plates');
  const allowed = REPORT_NAMES.filter((name) => !reportOf(name).needsPlates);
  for (const name of allowed) await askAsMetabase(name, {});
  expect(allowed).toHaveLength(10);
});

test('a new Metabase gets an administrator, the database, 13 questions and 2 dashboards; a second run changes nothing', async () => {
  await using metabase = new FakeMetabase();
  await metabase.start();
  const run = async (more: Partial<Provision> = {}) =>
    provision(await openMetabase(metabase.url, admin), { ...wanted, ...more });
  expect(await run()).toHaveLength(17);
  expect(metabase.admin).toEqual(admin);
  expect(metabase.databases[0]).toMatchObject({ name: 'OVR-ALPR', details: { user: 'alpr_reports', password } });
  expect(metabase.cards.map(({ name }) => name)).toEqual(REPORT_NAMES.map((name) => reportOf(name).title));
  expect(metabase.dashboards.map(({ name, dashcards }) => [name, (dashcards as object[]).length])).toEqual([
    ['Traffic', 6],
    ['Operation', 7],
  ]);
  const mapped = ['from', 'to', 'camera', 'site'].map((name) => expect.objectContaining({ parameter_id: name }));
  expect(metabase.dashboards[0]).toMatchObject({
    dashcards: expect.arrayContaining([expect.objectContaining({ parameter_mappings: mapped })]),
  });
  metabase.asked.length = 0;
  expect(await run()).toEqual([]);
  expect(metabase.changes).toEqual([]);
  // Another definition changes what it is about; a password is taken again where that is asked for.
  expect(await run({ newPassword: true })).toEqual(['changed the database OVR-ALPR']);
  expect((await run({ timeZone: 'UTC' })).filter((line) => line.startsWith('changed the question'))).toHaveLength(12);
});

test('without plates there is no question that reads them any more, and a wrong password is said', async () => {
  await using metabase = new FakeMetabase();
  await metabase.start();
  const ask = await openMetabase(metabase.url, admin);
  await provision(ask, wanted);
  expect(await provision(ask, { ...wanted, withPlates: false })).toEqual([
    ...['Top plates', 'Visits and their length', 'New and returning plates'].map(
      (name) => `archived the question ${name}`,
    ),
    'changed the dashboard Traffic',
  ]);
  const left = metabase.cards.filter((card) => card.archived !== true);
  expect([left.length, JSON.stringify(left).includes('report_plates')]).toEqual([10, false]);
  expect(await provision(ask, { ...wanted, withPlates: false })).toEqual([]);
  await expect(openMetabase(metabase.url, { ...admin, password: 'wrong-password' })).rejects.toThrow(
    'Expected Metabase to do POST /api/session, got 400',
  );
});

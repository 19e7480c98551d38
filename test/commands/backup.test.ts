import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import type { Sql } from '../../src/db/sql.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { shareDatabase } from '../servers/shared.ts';
import { makeEvent } from '../store/make-event.ts';
import { callAlpr } from './run-alpr.ts';

const log = createLog({ level: 'silent' });
const T0 = Date.UTC(2026, 4, 1);
/** Over two months, so that there is more than one partition; some texts need COPY's escapes. */
const events = Array.from({ length: 200 }, (_, at) =>
  makeEvent({ text: `BK${at}`, at: T0 + at * 25_200_000, camera: at % 2 ? 'gate' : 'yard' }),
);
const STRANGE = 'line\nbreak \\ "quote" \t tab';

/** What must come back, asked for without the code of the backup. */
const CONTENT = `SELECT
  (SELECT md5(string_agg(concat(event_id, revision, text_normalized, event), ',' ORDER BY event_id)) FROM plate_events) AS events,
  (SELECT count(*)::int FROM event_revisions) AS earlier,
  (SELECT string_agg(concat(name, role, password_hash), ',' ORDER BY name) FROM user_accounts) AS people,
  (SELECT string_agg(concat(list_id, pattern), ',') FROM plate_list_entries) AS entries,
  (SELECT sum(reads)::int FROM reads_per_camera_hour) AS counted`;

type Site = Readonly<{ sql: Sql; args: readonly string[]; data: string }> & AsyncDisposable;

let folder: string;
let original: Site;
let backup: string;

async function openSite(name: string): Promise<Site> {
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await shareDatabase({ native: true }));
  const sql = opened.use(await openPostgres({ connectionString: database.url, poolSize: 2, log }));
  const data = join(folder, name);
  const args = ['--set', `data=${data}`, '--set', 'database.kind=postgres', '--set', `database.url=${database.url}`];
  const closing = opened.move();
  return { sql, args, data, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-backup-'));
  original = await openSite('original');
  const { sql } = original;
  await migrate({ sql, log });
  await writeEvents(sql, events);
  await writeEvents(
    sql,
    events.slice(0, 20).map((event) => ({ ...event, revision: event.revision + 1 })),
  );
  await sql.query('INSERT INTO user_accounts (name, role, password_hash) VALUES ($1, $2, $3)', [
    'Ann',
    'admin',
    STRANGE,
  ]);
  await writeFile(join(folder, 'alpr.yaml'), 'site: {id: harbour}\n');
  backup = join(folder, 'backup');
  const { code, err } = await callAlpr(folder, ['backup', backup, ...original.args]);
  expect(err).toBe('');
  expect(code).toBe(0);
}, 60_000);
afterAll(async () => {
  await original?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('a backup restored into an empty system brings back every row, the keys and the configuration', async () => {
  await using site = await openSite('restored');
  const { code, err, out } = await callAlpr(folder, ['restore', backup, ...site.args]);
  expect(err).toBe('');
  expect(code).toBe(0);
  expect(out).toContain('each table was counted and hashed');
  const [content] = await site.sql.query<{ people: string; earlier: number; counted: number }>(CONTENT);
  expect(await original.sql.query(CONTENT)).toEqual([content]);
  expect(content).toMatchObject({ people: `Annadmin${STRANGE}`, earlier: 20, counted: 200 });
  for (const key of ['signing-key.pem', 'audit-plates.key']) {
    expect(await readFile(join(site.data, key))).toEqual(await readFile(join(original.data, key)));
  }
  expect(await readFile(join(backup, 'configuration', 'alpr.yaml'), 'utf8')).toBe('site: {id: harbour}\n');
  // It goes on from there: new events have a place, and the audit continues the chain that it got.
  expect(await writeEvents(site.sql, [makeEvent({ text: 'NEW1', at: Date.UTC(2026, 11, 1) })])).toBe(1);
  const verified = await callAlpr(folder, ['audit', 'verify', ...site.args]);
  expect(verified).toMatchObject({ code: 0, err: '' });
});

test('a system that somebody uses is not restored over', async () => {
  const { code, err } = await callAlpr(folder, ['restore', backup, ...original.args]);
  expect(code).toBe(1);
  expect(err).toContain('Expected an unused system');
  expect((await original.sql.query<{ earlier: number }>(CONTENT))[0]?.earlier).toBe(20);
});

test('a backup that was damaged, cut off or is of a newer program is refused, and nothing is changed', async () => {
  await using site = await openSite('refused');
  const restore = async () => (await callAlpr(folder, ['restore', backup, ...site.args])).err;
  const manifest = await readFile(join(backup, 'backup.json'), 'utf8');
  const { tables, migrations, ...rest } = JSON.parse(manifest) as {
    tables: { name: string; file: string }[];
    migrations: object[];
  };
  const table = join(backup, tables.find(({ name }) => name === 'plate_events')?.file ?? '');
  const whole = await readFile(table);
  await writeFile(table, whole.subarray(0, -20));
  expect(await restore()).toContain(`Expected ${table} as it was written`);
  await writeFile(table, whole);
  const newer = { number: 999, name: '999-later.sql', checksum: 'a'.repeat(64) };
  await writeFile(join(backup, 'backup.json'), JSON.stringify({ ...rest, tables, migrations: [...migrations, newer] }));
  expect(await restore()).toContain('999-later.sql that this program does not have');
  await writeFile(join(backup, 'backup.json'), manifest.slice(0, -100));
  expect(await restore()).toContain('Expected a complete backup');
  await writeFile(join(backup, 'backup.json'), manifest);
  expect(await site.sql.query("SELECT to_regclass('plate_events') AS there")).toEqual([{ there: null }]);
});

test('a backup is not written over something', async () => {
  const { code, err } = await callAlpr(folder, ['backup', backup, ...original.args]);
  expect(code).toBe(1);
  expect(err).toContain('Expected an empty folder for the backup');
});

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import type { Sql } from '../../src/db/sql.ts';
import { beginSnapshot } from '../../src/store/backup/dump.ts';
import { maintain } from '../../src/store/upkeep/maintain.ts';
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

/** A registry of models: a version, what is decided about it, and one that is just being added. */
const MODELS = {
  'alpr-read/state.json': '{"aliases":{"production":"1"}}',
  'alpr-read/1/model.onnx': 'weights',
  'alpr-read/.adding-x/model.onnx': 'half of them',
};
const erasure = (id: string) => `${JSON.stringify({ id, events: [] })}\n`;

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

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
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
  for (const [path, content] of Object.entries(MODELS)) await put(join(original.data, 'registry', path), content);
  await put(join(original.data, 'privacy', 'erased.jsonl'), erasure('first') + erasure('second'));
  await put(join(folder, 'secrets', 'sign-in.key'), 'a key of 32 bytes, all the same len');
  backup = join(folder, 'backup');
  const elsewhere = ['--set', `accounts.key_file=${join(folder, 'secrets', 'sign-in.key')}`];
  const { code, err, out } = await callAlpr(folder, ['backup', backup, ...original.args, ...elsewhere]);
  expect(err).toBe('');
  expect(code).toBe(0);
  expect(out).toContain(`from outside the data folder, in outside: ${join(folder, 'secrets', 'sign-in.key')}`);
}, 60_000);
afterAll(async () => {
  await original?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('a backup restored into an empty system brings back every row, the keys and the configuration', async () => {
  await using site = await openSite('restored');
  // Of the lost system, older than the backup in one thing and newer in another.
  await put(join(site.data, 'privacy', 'erased.jsonl'), erasure('first') + erasure('third'));
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
  for (const path of ['alpr-read/state.json', 'alpr-read/1/model.onnx'] as const) {
    expect(await readFile(join(site.data, 'registry', path), 'utf8')).toBe(MODELS[path]);
  }
  await expect(stat(join(site.data, 'registry', 'alpr-read', '.adding-x'))).rejects.toMatchObject({ code: 'ENOENT' });
  // What lay elsewhere is in the backup, and whoever restores is told so.
  const key = join(folder, 'secrets', 'sign-in.key');
  expect(await readFile(join(backup, 'outside', key))).toEqual(await readFile(key));
  expect(out).toContain(`cp '${join(backup, 'outside', key)}' '${key}'`);
  const erased = await readFile(join(site.data, 'privacy', 'erased.jsonl'), 'utf8');
  expect(erased.split('\n').toSorted()).toEqual(['', ...['first', 'second', 'third'].map((id) => erasure(id).trim())]);
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

test('a restore that names a file outside the data folder is refused', async () => {
  await using site = await openSite('hostile');
  const path = join(backup, 'backup.json');
  const manifest = await readFile(path, 'utf8');
  const { files, ...rest } = JSON.parse(manifest) as { files: { path: string; sha256: string }[] };
  const outside = join(folder, 'outside', 'planted');
  const sha256 = createHash('sha256').update('planted').digest('hex');
  await mkdir(join(backup, 'files', folder, 'outside'), { recursive: true });
  await writeFile(join(backup, 'files', outside), 'planted');
  try {
    for (const odd of [outside, '../outside/planted', 'a/../../planted', 'a//planted', '']) {
      await writeFile(path, JSON.stringify({ ...rest, files: [...files, { path: odd, sha256 }] }));
      const { code, err } = await callAlpr(folder, ['restore', backup, ...site.args]);
      expect(code).toBe(1);
      expect(err).toContain('expected a path below the data folder');
    }
    await expect(stat(outside)).rejects.toMatchObject({ code: 'ENOENT' });
  } finally {
    await writeFile(path, manifest);
  }
});

test('keys in a folder with a space come back, and a restore whose keys cannot be written can be repeated', async () => {
  await using from = await openSite('spaced');
  await migrate({ sql: from.sql, log });
  const there = join(folder, 'spaced backup');
  const args = ['--set', 'audit.key_folder=our keys (both)'];
  expect(await callAlpr(folder, ['backup', there, ...from.args, ...args])).toMatchObject({ code: 0, err: '' });
  await using to = await openSite('spaced-restored');
  await writeFile(to.data, 'a file in the place of the folder').catch(() => undefined);
  expect((await callAlpr(folder, ['restore', there, ...to.args, ...args])).code).toBe(1);
  await rm(to.data, { recursive: true, force: true });
  await mkdir(to.data);
  await writeFile(join(to.data, 'our keys (both)'), 'a file in the place of the folder of keys');
  expect((await callAlpr(folder, ['restore', there, ...to.args, ...args])).code).toBe(1);
  await rm(join(to.data, 'our keys (both)'));
  expect(await callAlpr(folder, ['restore', there, ...to.args, ...args])).toMatchObject({ code: 0, err: '' });
  const key = join('our keys (both)', 'signing-key.pem');
  expect(await readFile(join(to.data, key))).toEqual(await readFile(join(from.data, key)));
});

test('a system with erased events and nothing else is in use', async () => {
  await using site = await openSite('erased');
  await migrate({ sql: site.sql, log });
  await site.sql.query(
    'INSERT INTO erased_events (event_id, erasure_id) VALUES (gen_random_uuid(), gen_random_uuid())',
  );
  const { err } = await callAlpr(folder, ['restore', backup, ...site.args]);
  expect(err).toContain('Expected an unused system');
});

test('what upkeep drops while a backup is written is in the backup', async () => {
  await using site = await openSite('dropping');
  await migrate({ sql: site.sql, log });
  await maintain({
    ...{ sql: site.sql, division: 'native', log, now: () => T0 },
    keep: { retention_days: null, partition: 'month' },
  });
  await writeEvents(site.sql, events);
  const [before] = await site.sql.query<{ n: number }>('SELECT count(*)::int AS n FROM plate_events');
  const counted = await site.sql.transaction(async (session) => {
    await beginSnapshot(session);
    await session.query('SELECT FROM user_accounts');
    const dropping = site.sql.transaction(async (upkeep) => {
      await upkeep.query("SET LOCAL lock_timeout = '200ms'");
      await upkeep.query('DROP TABLE plate_events_20260501');
    });
    await expect(dropping).rejects.toMatchObject({ code: '55P03' });
    return session.query<{ n: number }>('SELECT count(*)::int AS n FROM plate_events');
  });
  expect(counted).toEqual([before]);
});

import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import type { Sql } from '../../src/db/sql.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { startPostgres } from '../servers/servers.ts';
import { makeEvent } from '../store/make-event.ts';

const log = createLog({ level: 'silent' });
const opened = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'alpr-point-'));
chmodSync(folder, 0o755);
opened.defer(() => rmSync(folder, { recursive: true, maxRetries: 5 }));
afterAll(() => opened.disposeAsync());

/** All rows of events and revisions, without our code. */
const CONTENT = `SELECT
  (SELECT string_agg(concat(event_id, revision, text_normalized, event), ',' ORDER BY event_id) FROM plate_events) AS events,
  (SELECT string_agg(concat(event_id, revision, event), ',' ORDER BY event_id, revision) FROM event_revisions) AS earlier,
  (SELECT sum(reads)::int FROM reads_per_camera_hour) AS counted`;

const connect = async (url: string) => openPostgres({ connectionString: url, poolSize: 2, log });
const writeMany = (sql: Sql, from: number) =>
  writeEvents(
    sql,
    Array.from({ length: 500 }, (_, at) =>
      makeEvent({ text: `PIT${from + at}`, at: Date.UTC(2026, 4, 1) + at * 60_000 }),
    ),
  );

// The steps of docs/operations/backup-and-restore.md, with the programs that come with this project: these are the server alone.
test('a database comes back as it was at a moment between two events, from a copy and the archive', async () => {
  const [site, archive, base] = ['site', 'archive', 'base'].map((name) => join(folder, name));
  if (!site || !archive || !base) throw new Error('Expected three folders');
  mkdirSync(archive);
  chmodSync(archive, 0o777);
  const server = await startPostgres({
    folder: site,
    settings: {
      archive_mode: 'on',
      archive_command: `test ! -f ${archive}/%f && cp %p ${archive}/.%f && mv ${archive}/.%f ${archive}/%f`,
    },
  });
  opened.use(server);
  const sql = await connect(server.url);
  await migrate({ sql, log });
  await writeMany(sql, 0);

  // A base backup of the running server, while it takes events.
  let label = '';
  await sql.transaction(async (session) => {
    await session.query("SELECT pg_backup_start('base', true)");
    const writing = writeMany(sql, 1000);
    // tar says 1 of files that change while it reads them, as they may.
    const left = ['pg_wal/*', 'postmaster.pid', 'postmaster.opts'].map((name) => `--exclude=cluster/${name}`);
    const { status } = spawnSync('tar', ['-C', site, '-cf', `${base}.tar`, ...left, 'cluster']);
    expect(status).toBeLessThan(2);
    await writing;
    const [stopped] = await session.query<{ label: string }>('SELECT labelfile AS label FROM pg_backup_stop()');
    label = stopped?.label ?? '';
  });

  await writeMany(sql, 2000);
  const wanted = await sql.query(CONTENT);
  const [moment] = await sql.query<{ at: string }>('SELECT clock_timestamp()::text AS at');
  await writeMany(sql, 3000);
  await sql.query('DELETE FROM plate_events');
  const [last] = await sql.query<{ file: string }>('SELECT pg_walfile_name(pg_switch_wal()) AS file');
  await expect.poll(() => existsSync(join(archive, last?.file ?? '')), { timeout: 60_000 }).toBe(true);
  await sql[Symbol.asyncDispose]();
  await server.control.stop();

  const restored = join(folder, 'restored');
  mkdirSync(restored);
  execFileSync('tar', ['-C', restored, '-xf', `${base}.tar`]);
  const { uid, gid } = statSync(join(restored, 'cluster'));
  for (const [name, text] of [
    ['backup_label', label],
    ['recovery.signal', ''],
  ] as const) {
    writeFileSync(join(restored, 'cluster', name), text);
    chownSync(join(restored, 'cluster', name), uid, gid);
  }
  copyFileSync(join(site, 'password'), join(restored, 'password'));
  const again = opened.use(
    await startPostgres({
      folder: restored,
      settings: {
        restore_command: `cp ${archive}/%f %p`,
        recovery_target_time: moment?.at ?? '',
        recovery_target_action: 'promote',
      },
    }),
  );
  const back = opened.use(await connect(again.url));
  const isUp = async () => (await back.query<{ up: boolean }>('SELECT NOT pg_is_in_recovery() AS up'))[0]?.up;
  await expect.poll(isUp, { timeout: 60_000 }).toBe(true);
  expect(await back.query(CONTENT)).toEqual(wanted);
  expect(wanted).toMatchObject([{ counted: 1500 }]);
  // It goes on from there.
  expect(await migrate({ sql: back, log })).toMatchObject({ applied: [] });
  expect(await writeMany(back, 4000)).toBe(500);
}, 240_000);

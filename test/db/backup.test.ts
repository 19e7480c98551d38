import { chmod, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { openEmbeddedPostgres } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { Sql } from '../../src/db/sql.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { makeEvent } from '../store/make-event.ts';

const EVENTS = 600;
const T0 = Date.UTC(2026, 4, 1);
const log = createLog({ level: 'silent' });
/** Over two months, so that there is more than one partition. */
const events = Array.from({ length: EVENTS }, (_, at) => makeEvent({ text: `BK${at}`, at: T0 + at * 7_200_000 }));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'alpr-backup-'));
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Everything that was written, in one line: ids, revisions, texts and the kept earlier revisions. */
async function describeStored(sql: Sql) {
  return await sql.query(`SELECT
    (SELECT count(*)::int FROM plate_events) AS events,
    (SELECT count(*)::int FROM event_revisions) AS earlier,
    (SELECT count(*)::int FROM plate_texts) AS texts,
    (SELECT md5(string_agg(concat(event_id, revision, text_normalized, event), ',' ORDER BY event_id))
     FROM plate_events) AS sum`);
}

/** A stopped database that holds all events, fifty of them corrected. */
async function fill(dataDir: string) {
  await using database = await openEmbeddedPostgres({ dataDir, log });
  await migrate({ sql: database.sql, log });
  await writeEvents(database.sql, events);
  await writeEvents(
    database.sql,
    events.slice(0, 50).map((event) => ({ ...event, revision: event.revision + 1 })),
  );
  return await describeStored(database.sql);
}

test('A copy of the stopped database, put in another place, starts there with every event and revision', async () => {
  const original = path.join(folder, 'data', 'db');
  await mkdir(path.dirname(original));
  const before = await fill(original);
  expect(before).toMatchObject([{ events: EVENTS, earlier: 50, texts: EVENTS }]);

  const restored = path.join(folder, 'restored', 'db');
  await cp(original, restored, { recursive: true, preserveTimestamps: true });
  await rm(original, { recursive: true });
  await using database = await openEmbeddedPostgres({ dataDir: restored, log });
  expect((await migrate({ sql: database.sql, log })).applied).toEqual([]);
  expect(await describeStored(database.sql)).toEqual(before);
  expect(await writeEvents(database.sql, events)).toBe(0);
}, 120_000);

test('A copy whose password was left out is refused with the name of the missing file', async () => {
  const restored = path.join(folder, 'restored', 'db');
  const partial = path.join(folder, 'partial', 'db');
  await cp(restored, partial, { recursive: true, preserveTimestamps: true });
  expect(await readFile(path.join(partial, 'password'), 'utf8')).not.toBe('');
  await rm(path.join(partial, 'password'));
  await expect(openEmbeddedPostgres({ dataDir: partial, log })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(path.join(partial, 'password')),
  });
});

import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLog } from '../../src/base/log.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { Sql } from '../../src/db/sql.ts';
import { makeEvent } from '../store/make-event.ts';

const SQL_FOLDER = path.resolve(import.meta.dirname, '../../sql');

/** Makes the database of an earlier version, which had the migrations up to the one with this number. */
export async function migrateTo(sql: Sql, last: number): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alpr-former-'));
  try {
    for (const below of ['', 'native', 'timescale']) {
      await mkdir(path.join(folder, below), { recursive: true });
      const names = (await readdir(path.join(SQL_FOLDER, below))).filter((name) => Number(name.slice(0, 3)) <= last);
      for (const name of names) await copyFile(path.join(SQL_FOLDER, below, name), path.join(folder, below, name));
    }
    await migrate({ sql, log: createLog({ level: 'silent' }), folder });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Fills it as version 0.1.0 did, which had the first migration alone: events from years back to years ahead, some of them with an earlier revision. */
export async function fillAsFirst(sql: Sql, now: number): Promise<readonly PlateEvent[]> {
  const days = [-2000, -400, -40, -2, -1, 0, 0.01, 40, 4000];
  const events = days.flatMap((day) =>
    [1, 2, 3].map((n) => makeEvent({ at: now + day * 86_400_000 + n, revision: n })),
  );
  for (const event of events) {
    await insert(sql, event);
    if (event.revision > 1)
      await insertRevision(sql, { ...event, revision: event.revision - 1, status: 'provisional' });
  }
  return events;
}

async function insert(sql: Sql, event: PlateEvent): Promise<void> {
  const { event_id, detected_at, revision, status, site_id, camera_id, plate } = event;
  const own = [
    event_id,
    detected_at,
    revision,
    status,
    site_id,
    camera_id,
    plate.text_normalized,
    [],
    plate.confidence,
  ];
  await sql.query('INSERT INTO plate_texts (text) VALUES ($1) ON CONFLICT DO NOTHING', [plate.text_normalized]);
  await sql.query(
    `INSERT INTO plate_events (event_id, detected_at, revision, status, site_id, camera_id, text_normalized, candidates,
       confidence, event) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::json)`,
    [...own, JSON.stringify(event)],
  );
}

async function insertRevision(sql: Sql, event: PlateEvent): Promise<void> {
  const { event_id, detected_at, revision, status } = event;
  await sql.query(
    `INSERT INTO event_revisions (event_id, detected_at, revision, status, event)
     VALUES ($1, $2, $3, $4, $5::text::json)`,
    [event_id, detected_at, revision, status, JSON.stringify(event)],
  );
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { Sql } from '../../src/db/sql.ts';
import { findEvent } from '../../src/store/events.ts';
import { maintain } from '../../src/store/upkeep/maintain.ts';
import { readDatabaseStatus } from '../../src/store/upkeep/status.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { makeEvent } from '../store/make-event.ts';
import { openHypertables } from './timescale-database.ts';

const log = createLog({ level: 'silent' });
const DAY = 86_400_000;
const NOW = Date.now();

describe('TimescaleDB', () => {
  let sql: Sql;
  const old = makeEvent({ at: NOW - 60 * DAY, text: 'OLD1' });

  beforeAll(async () => {
    sql = await openHypertables();
    await migrate({ sql, log });
    await writeEvents(sql, [old, makeEvent({ at: NOW - 20 * DAY, text: 'YOUNG1' })]);
  });
  afterAll(() => sql[Symbol.asyncDispose]());

  test('compresses chunks after a month and still takes late revisions into them', async () => {
    const jobs = await sql.query<{ job_id: number }>(
      `SELECT job_id FROM timescaledb_information.jobs WHERE proc_name = 'policy_compression' ORDER BY job_id`,
    );
    expect(jobs).toHaveLength(2);
    for (const { job_id } of jobs) await sql.query(`CALL run_job(${job_id})`);
    const { parts, division, pending, upkeep } = await readDatabaseStatus(sql);
    expect({ division, pending }).toEqual({ division: 'timescale', pending: [] });
    expect(parts.filter(({ name }) => name.includes('compressed'))).toHaveLength(1);
    expect(upkeep.map(({ task }) => task)).toEqual([
      'policy_compression of event_revisions',
      'policy_compression of plate_events',
      'policy_refresh_continuous_aggregate of reads_per_camera_hour',
      'policy_refresh_continuous_aggregate of unique_plates_per_day',
    ]);
    const corrected = { ...old, revision: 2, status: 'corrected' as const };
    await writeEvents(sql, [corrected]);
    expect((await findEvent(sql, old.event_id, undefined))?.revisions).toEqual([old, corrected]);
  });

  test('drops chunks that were kept long enough, and the plates that stood in them alone', async () => {
    await maintain({ sql, division: 'timescale', keep: { retention_days: 30, partition: 'month' }, log });
    expect(await sql.query('SELECT text_normalized AS text FROM plate_events')).toEqual([{ text: 'YOUNG1' }]);
    expect(await sql.query('SELECT text FROM plate_texts')).toEqual([{ text: 'YOUNG1' }]);
  });
});

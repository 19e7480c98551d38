import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { maintain } from '../../src/db/maintain.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { Sql } from '../../src/db/sql.ts';
import { writeEvents } from '../../src/ingest/write.ts';
import { makeEvent } from '../store/make-event.ts';
import { openEmptyDatabase } from './test-database.ts';
import { openHypertables } from './timescale-database.ts';

const log = createLog('silent');
const HOUR = 3_600_000;
const NOW = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR + 12 * HOUR;
/** Midnight of the day before. */
const DAY = NOW - 36 * HOUR;

function makeTraffic(): readonly PlateEvent[] {
  const seen = (hours: number, text: string, camera: string, more: Partial<PlateEvent> = {}) => ({
    ...makeEvent({ at: DAY + hours * HOUR, text, camera, confidence: 0.5 }),
    ...more,
  });
  return [
    seen(0, 'AA1', 'north', { frames_read: 10, reads_agreeing: 5 }),
    seen(0.9, 'AA1', 'north', { frames_read: 10, reads_agreeing: 9 }),
    seen(1, 'BB2', 'north', { frames_read: 5, reads_agreeing: 4 }),
    seen(1, 'CC3', 'south', { frames_read: 0, reads_agreeing: 0 }),
    seen(1.5, 'GONE', 'south', { status: 'retracted' }),
    seen(23.999, 'AA1', 'south', { frames_read: 4, reads_agreeing: 4 }),
    seen(35.9, 'DD4', 'north', { frames_read: 4, reads_agreeing: 1 }),
  ];
}

const iso = (hours: number) => new Date(DAY + hours * HOUR);

/** Counted by hand from the traffic above. */
const EXPECTED = {
  hours: [
    { hour: iso(0), camera_id: 'north', reads: 2, frames: 20, agreeing: 14 },
    { hour: iso(1), camera_id: 'north', reads: 1, frames: 5, agreeing: 4 },
    { hour: iso(1), camera_id: 'south', reads: 1, frames: 0, agreeing: 0 },
    { hour: iso(23), camera_id: 'south', reads: 1, frames: 4, agreeing: 4 },
    { hour: iso(35), camera_id: 'north', reads: 1, frames: 4, agreeing: 1 },
  ],
  days: [
    { day: iso(0), plates: 3, reads: 5 },
    { day: iso(24), plates: 1, reads: 1 },
  ],
  rates: [
    { day: iso(0), camera_id: 'north', reads: 3, read_rate: 0.72, mean_confidence: 0.5 },
    { day: iso(0), camera_id: 'south', reads: 2, read_rate: 1, mean_confidence: 0.5 },
    { day: iso(24), camera_id: 'north', reads: 1, read_rate: 0.25, mean_confidence: 0.5 },
  ],
};

async function readStatistics(sql: Sql) {
  const [hours, days, rates] = [
    await sql.query(`SELECT hour, camera_id, reads::int, frames_read::int AS frames, reads_agreeing::int AS agreeing
      FROM reads_per_camera_hour ORDER BY hour, camera_id`),
    await sql.query('SELECT day, plates::int, reads::int FROM unique_plates_per_day ORDER BY day'),
    await sql.query(`SELECT day, camera_id, reads::int, read_rate, mean_confidence
      FROM read_rate_per_camera_day ORDER BY day, camera_id`),
  ];
  return { hours, days, rates };
}

async function refreshPartitions(sql: Sql): Promise<void> {
  const keep = { retention_days: null, partition: 'month' } as const;
  await maintain({ sql, division: 'native', keep, log, now: () => NOW });
}

/** What the jobs of the server do every hour. */
async function refreshAggregates(sql: Sql): Promise<void> {
  const jobs = await sql.query<{ job_id: number }>(
    `SELECT job_id FROM timescaledb_information.jobs WHERE proc_name = 'policy_refresh_continuous_aggregate'`,
  );
  expect(jobs).toHaveLength(2);
  for (const { job_id } of jobs) {
    const refresh = () => sql.query(`CALL run_job(${job_id})`).then(() => 'done', String);
    // A server does it by itself right after the migration, and two at once are refused.
    await expect.poll(refresh, { timeout: 20_000 }).toBe('done');
  }
}

async function openPartitions(): Promise<Sql> {
  const database = await openEmptyDatabase({ native: true });
  return { ...database.sql, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

describe.each([
  ['partitions and materialised views', openPartitions, refreshPartitions],
  ['hypertables and continuous aggregates', openHypertables, refreshAggregates],
] as const)('Statistics by %s', (_, open, refresh) => {
  let sql: Sql;

  beforeAll(async () => {
    sql = await open();
    await migrate({ sql, log });
  });
  afterAll(() => sql[Symbol.asyncDispose]());

  test('are empty where there is no event', async () => {
    expect((await readStatistics(sql)).rates).toEqual([]);
  });

  test('are the same before they are kept, after it, and when late revisions came', async () => {
    const traffic = makeTraffic();
    const last = traffic[4] as PlateEvent;
    await writeEvents(sql, [...traffic.slice(0, 4), { ...last, status: 'final' }, ...traffic.slice(5)]);
    await writeEvents(sql, [{ ...last, revision: 2 }]);
    expect(await readStatistics(sql)).toEqual(EXPECTED);
    await refresh(sql);
    expect(await readStatistics(sql)).toEqual(EXPECTED);
  });
});

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createLog } from '../../../src/base/log.ts';
import { createRandom, type Random } from '../../../src/base/random.ts';
import type { PlateEvent } from '../../../src/contract/plate-event.ts';
import { migrate } from '../../../src/db/migrate.ts';
import type { Sql } from '../../../src/db/sql.ts';
import { maintain } from '../../../src/store/upkeep/maintain.ts';
import { refreshStatistics } from '../../../src/store/upkeep/statistics.ts';
import { writeEvents } from '../../../src/store/write-events.ts';
import { openEmptyDatabase } from '../../db/test-database.ts';
import { openHypertables, WITH_HYPERTABLES } from '../../db/timescale-database.ts';
import { makeEvent } from '../make-event.ts';
import { readCounts, recount } from './recount.ts';

const log = createLog({ level: 'silent' });
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

type Upkeep = Readonly<{ retention_days?: number; hour?: number }>;

async function refreshPartitions(sql: Sql, { retention_days, hour = 0 }: Upkeep = {}): Promise<void> {
  const keep = { retention_days: retention_days ?? null, partition: 'week' } as const;
  await maintain({ sql, division: 'native', keep, log, now: () => NOW + hour * HOUR });
}

/** What the jobs of the server do every hour. */
async function refreshAggregates(sql: Sql, { retention_days }: Upkeep = {}): Promise<void> {
  const keep = { retention_days: retention_days ?? null, partition: 'week' } as const;
  await maintain({ sql, division: 'timescale', keep, log, now: () => NOW });
  const jobs = await sql.query<{ job_id: number }>(
    `SELECT job_id FROM timescaledb_information.jobs WHERE proc_name = 'policy_refresh_continuous_aggregate'`,
  );
  expect(jobs).toHaveLength(2);
  for (const { job_id } of jobs) {
    // A server does it by itself right after the migration, and two at once are refused.
    await vi.waitFor(() => sql.query(`CALL run_job(${job_id})`), { timeout: 20_000, interval: 200 });
  }
}

/** A server refreshes in its own time, which would mix with what is written here. */
async function stopJobs(sql: Sql): Promise<void> {
  await sql.query(`SELECT alter_job(job_id, scheduled => false) FROM timescaledb_information.jobs
    WHERE proc_name = 'policy_refresh_continuous_aggregate'`);
  await refreshAggregates(sql);
}

async function openPartitions(): Promise<Sql> {
  const database = await openEmptyDatabase({ native: true });
  return { ...database.sql, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

const WAYS = [
  ['partitions and materialised views', openPartitions, refreshPartitions],
  ['hypertables and continuous aggregates', openHypertables, refreshAggregates],
] as const;

describe.each(WITH_HYPERTABLES ? WAYS : WAYS.slice(0, 1))('Statistics by %s', (_, open, refresh) => {
  let sql: Sql;

  beforeAll(async () => {
    sql = await open();
    const { division } = await migrate({ sql, log });
    if (division === 'timescale') await stopJobs(sql);
  }, 120_000);
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

  test('are those of a full count after late arrivals, corrections, deletions and retention, in any order', async () => {
    const random = createRandom(7);
    const known: PlateEvent[] = [];
    for (let round = 1; round <= 5; round++) {
      const written = Array.from({ length: 60 }, () => makeRandomEvent(random));
      const revised = written.slice(0, 20).flatMap(() => (known.length > 0 ? random.pick(known) : []));
      await writeEvents(sql, [...written, ...revised.map((event) => reviseAtRandom(random, event, round))]);
      known.push(...written);
      const deleted = [random.pick(known), random.pick(known)].map(({ event_id }) => event_id);
      await sql.query('DELETE FROM plate_events WHERE event_id = ANY ($1::uuid[])', [deleted]);
      await refresh(sql, { hour: round });
      expect(await readCounts(sql)).toEqual(await recount(sql));
    }
    await refresh(sql, { hour: 6, retention_days: 15 });
    const left = await recount(sql);
    expect(await readCounts(sql)).toEqual(left);
    const oldest = Date.parse(left.days[0]?.slice(0, 24) ?? '');
    expect(oldest).toBeGreaterThan(NOW - (15 + 8) * 24 * HOUR);
  }, 120_000);
});

/** Of some camera, plate and time of the last five weeks; one in ten is retracted. */
function makeRandomEvent(random: Random): PlateEvent {
  const event = makeEvent({
    at: NOW - random.below(35 * 24 * HOUR),
    text: `P${random.below(12)}`,
    camera: `camera-${random.below(4)}`,
    confidence: 0.5 + random.below(50) / 100,
  });
  const status = random.next() < 0.1 ? 'retracted' : 'final';
  return { ...event, status, frames_read: random.below(9), reads_agreeing: 0 };
}

function reviseAtRandom(random: Random, event: PlateEvent, round: number): PlateEvent {
  const other = makeRandomEvent(random);
  const { event_id, detected_at, camera_id } = event;
  return { ...other, event_id, detected_at, camera_id, revision: round + 1 };
}

test('What writers commit while it is counted is counted the next time, and nothing twice', async () => {
  await using sql = await openPartitions();
  await migrate({ sql, log });
  const random = createRandom(11);
  const batches = Array.from({ length: 40 }, () => Array.from({ length: 25 }, () => makeRandomEvent(random)));
  const known = batches.flat();
  let writing = 4;
  const write = async (from: number) => {
    for (const batch of batches.slice(from * 10, from * 10 + 10)) {
      await writeEvents(sql, [...batch, ...batch.slice(0, 5).map((event) => reviseAtRandom(random, event, 1))]);
      await sql.query('DELETE FROM plate_events WHERE event_id = $1', [random.pick(known).event_id]);
    }
    writing -= 1;
  };
  const count = async () => {
    let hour = 0;
    for (; writing > 0; hour++) await refreshStatistics(sql, NOW + hour * HOUR);
    return hour;
  };
  const [rounds] = await Promise.all([count(), ...[0, 1, 2, 3].map(write)]);
  expect(rounds).toBeGreaterThan(1);
  await refreshPartitions(sql, { hour: rounds + 1, retention_days: 20 });
  expect(await readCounts(sql)).toEqual(await recount(sql));
  expect(await sql.query('SELECT count(*)::int AS n FROM changed_hours')).toEqual([{ n: 0 }]);
}, 120_000);

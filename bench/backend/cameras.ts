import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import type { Sql } from '../../src/db/sql.ts';
import { readCameraDrift, refreshCameraDrift } from '../../src/store/camera-drift.ts';
import { takeQueue } from '../../src/store/review.ts';
import type { Row } from '../row.ts';
import { fillOnce } from './search-kept.ts';
import { loadDatabase } from './search-load.ts';
import { type BenchRead, makeReads } from './search-plates.ts';
import { openBenchDatabase } from './store.ts';

const DAYS = 15;
const DAY_MS = 86_400_000;
const CAMERAS = 50;
const TIMES = 5;
/** One read in so many was decided by a person. */
const DECIDED_EACH = 200;

export type CameraScale = Readonly<{ events: number; keep?: string | undefined }>;

/** Length of a tick of the processor clock in /proc, milliseconds. */
const TICK_MS = 10;

/**
 * Processor time of the database over events of 15 days at 50 cameras: what upkeep measures once an hour, and what the queue of
 * reviews asks. Not by the clock, so that a busy machine says the same.
 */
export async function run({ events, keep }: CameraScale): Promise<readonly Row[]> {
  const folder = keep && path.join(keep, `cameras-${events}`);
  await using database = await openBenchDatabase(folder);
  const { sql } = database;
  await fillOnce({ folder, goesOn: false, fill: () => fill(sql, events) });
  const [newest] = await sql.query<{ at: Date }>('SELECT max(detected_at) AS at FROM plate_events');
  const now = newest?.at.getTime() ?? Date.now();
  const measured = await time(sql, async () => {
    await sql.query('DELETE FROM camera_drift');
    await refreshCameraDrift(sql, now);
  });
  const drifts = await readCameraDrift(sql, undefined);
  const queue = (order: 'doubt' | 'teaching') =>
    time(sql, () => takeQueue(sql, { filter: { scope: undefined }, order, holder: 'bench', limit: 12 }));
  const inDoubt = await queue('doubt');
  const teaching = await queue('teaching');
  return [
    { what: `drift of ${new Set(drifts.map(({ camera }) => camera)).size} cameras`, value: measured, unit: 'ms' },
    { what: 'queue, most doubtful first', value: inDoubt, unit: 'ms', ratio: 1 },
    { what: 'queue, most teaching first', value: teaching, unit: 'ms', ratio: teaching / inDoubt },
  ];
}

/** Mean over several turns, after one that fills the caches. */
async function time(sql: Sql, work: () => Promise<unknown>): Promise<number> {
  await work();
  const before = await readTicks(sql);
  for (let turn = 0; turn < TIMES; turn += 1) await work();
  return ((await readTicks(sql)) - before) * (TICK_MS / TIMES);
}

/** What the connections to the database have used so far, in user and system mode. */
async function readTicks(sql: Sql): Promise<number> {
  const rows = await sql.query<{ pid: number }>('SELECT pid FROM pg_stat_activity WHERE datname = current_database()');
  return rows.reduce((sum, { pid }) => {
    const [, , user, system] = /\) (?:\S+ ){11}((\d+) (\d+))/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return sum + Number(user) + Number(system);
  }, 0);
}

async function fill(sql: Sql, count: number): Promise<void> {
  const now = Date.now();
  await loadDatabase(sql, withCameras(makeReads(count, now), count, now), now);
  await sql.query(`INSERT INTO passage_counts (site_id, camera_id, outcome, reason, run, hour, before, total)
    SELECT DISTINCT site_id, camera_id, 'read', '', 'bench', date_trunc('hour', now()), 0, 1 FROM plate_events`);
  await sql.query('VACUUM ANALYZE passage_counts');
}

/** The reads of a year within 15 days, at cameras that see as many; some were decided on. */
function* withCameras(reads: Iterable<BenchRead>, count: number, now: number): Generator<BenchRead> {
  let index = 0;
  for (const { plate, event } of reads) {
    index += 1;
    const at = new Date(now - Math.floor(((count - index) / count) * DAYS * DAY_MS)).toISOString();
    const camera = `cam-${(index * 7919) % CAMERAS}`;
    const review = { by: 'Ada', at, action: 'confirm', text: null, reason: 'seen' } as const;
    const decided = { revision: 1_000_000, status: 'corrected' as const, review };
    const seen: PlateEvent = {
      ...event,
      detected_at: at,
      camera_id: camera,
      plate: { ...event.plate, region: ['de', 'fr', 'gb', null][index % 4] ?? null },
      ...(index % DECIDED_EACH === 0 && decided),
    };
    yield { plate, event: seen };
  }
}

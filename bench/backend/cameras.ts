import path from 'node:path';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import type { Sql } from '../../src/db/sql.ts';
import { readCameraDrift, refreshCameraDrift } from '../../src/store/camera-drift.ts';
import { takeQueue } from '../../src/store/review.ts';
import type { Row } from '../row.ts';
import { timeDatabase } from './processor-time.ts';
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

/**
 * Processor time of the database over events of 15 days at 50 cameras: what upkeep measures once an hour, and what the queue of
 * reviews asks.
 */
export async function run({ events, keep }: CameraScale): Promise<readonly Row[]> {
  const folder = keep && path.join(keep, `cameras-${events}`);
  await using database = await openBenchDatabase(folder);
  const { sql } = database;
  await fillOnce({ folder, goesOn: false, fill: () => fill(sql, events) });
  const [newest] = await sql.query<{ at: Date }>('SELECT max(detected_at) AS at FROM plate_events');
  const now = newest?.at.getTime() ?? Date.now();
  const time = (work: () => Promise<unknown>) => timeDatabase(sql, work, TIMES);
  const measured = await time(async () => {
    await sql.query('DELETE FROM camera_drift');
    await refreshCameraDrift(sql, now);
  });
  const drifts = await readCameraDrift(sql, undefined);
  const queue = (order: 'doubt' | 'teaching') =>
    time(() => takeQueue(sql, { filter: { scope: undefined }, order, holder: 'bench', limit: 12 }));
  const inDoubt = await queue('doubt');
  const teaching = await queue('teaching');
  return [
    { what: `drift of ${new Set(drifts.map(({ camera }) => camera)).size} cameras`, value: measured, unit: 'ms' },
    { what: 'queue, most doubtful first', value: inDoubt, unit: 'ms', ratio: 1 },
    { what: 'queue, most teaching first', value: teaching, unit: 'ms', ratio: teaching / inDoubt },
  ];
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

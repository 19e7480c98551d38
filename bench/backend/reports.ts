import path from 'node:path';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { REPORT_NAMES } from '../../src/contract/report.ts';
import type { Sql } from '../../src/db/sql.ts';
import { readReport } from '../../src/store/reports/read-report.ts';
import { refreshStatistics } from '../../src/store/upkeep/statistics.ts';
import type { Row } from '../row.ts';
import { fillOnce } from './search-kept.ts';
import { loadDatabase } from './search-load.ts';
import { type BenchRead, makeReads } from './search-plates.ts';
import { openBenchDatabase, quantile } from './store.ts';

const DAY_MS = 86_400_000;
const TIMES = 3;
/** The period that the screen begins with, and the longest. */
const PERIODS = [30, 366];

export type ReportScale = Readonly<{ events: number; keep?: string | undefined }>;

/**
 * Median of each question of the reports over events of a year, of the last 30 days and of all of it. Baseline: the read rate of
 * the same period.
 */
export async function run({ events, keep }: ReportScale): Promise<readonly Row[]> {
  const folder = keep && path.join(keep, `reports-${events}`);
  await using database = await openBenchDatabase(folder);
  const { sql } = database;
  await fillOnce({ folder, goesOn: false, fill: () => fill(sql, events) });
  const [newest] = await sql.query<{ at: Date }>('SELECT max(detected_at) AS at FROM plate_events');
  const rows: Row[] = [];
  for (const days of PERIODS) rows.push(...(await measure(sql, newest?.at ?? new Date(), days)));
  return rows;
}

async function measure(sql: Sql, end: Date, days: number): Promise<readonly Row[]> {
  const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
  const from = dayOf(end.getTime() - (days - 1) * DAY_MS);
  const wanted = { from, to: dayOf(end.getTime()), timeZone: 'Europe/Berlin', scope: undefined };
  const rows: Row[] = [];
  for (const name of REPORT_NAMES) {
    const times: number[] = [];
    for (let time = 0; time < TIMES; time++) {
      const started = performance.now();
      await readReport(sql, name, wanted);
      times.push(performance.now() - started);
    }
    rows.push({ what: `${name}, ${days} days`, value: quantile(times, 0.5), unit: 'ms' });
  }
  const baseline = rows.find(({ what }) => what.startsWith('read-rate'))?.value ?? 1;
  return rows.map((row) => ({ ...row, ratio: row.value / baseline }));
}

async function fill(sql: Sql, count: number): Promise<void> {
  const now = Date.now();
  await loadDatabase(sql, withMore(makeReads(count, now)), now);
  await refreshStatistics(sql, now);
  // As many passages as reads, and one in eight lost.
  await sql.query(`INSERT INTO passage_counts (site_id, camera_id, outcome, reason, run, hour, before, total)
    SELECT site_id, camera_id, outcome, reason, 'bench', hour, 0, ceil(reads * share)
    FROM reads_per_camera_hour CROSS JOIN (VALUES ('read', '', 1), ('lost', 'blurred', 0.125)) AS one (outcome, reason, share)
    WHERE outcome = 'read' OR extract(hour FROM hour)::int % 3 = 0`);
  // An alert for one read in fifty, two messages for each.
  await sql.query(`INSERT INTO alerts (alert_id, revision, status, rule_id, severity, event_id, plate, site_id, camera_id, happened_at,
      raised_at, alert, was_right)
    SELECT gen_random_uuid(), 1, 'raised', 'rule-' || abs(hashtext(event_id::text)) % 10, 'warning', event_id, text_normalized,
      site_id, camera_id, detected_at, detected_at, '{}', abs(hashtext(event_id::text)) % 7 < 5
    FROM plate_events WHERE abs(hashtext(event_id::text)) % 50 = 0`);
  await sql.query(`INSERT INTO alert_deliveries (idempotency_key, channel_id, alert_id, alert, state, attempts, created_at, ended_at)
    SELECT alert_id || channel, channel, alert_id, '{}', 'sent', 1, happened_at, happened_at + interval '2 seconds'
    FROM alerts CROSS JOIN (VALUES ('mail'), ('hook')) AS one (channel)`);
  await sql.query('VACUUM ANALYZE passage_counts, alerts, alert_deliveries');
}

/** Five sites, of which three have lines; regions, vehicles and pictures; one read in a hundred decided by a person. */
function* withMore(reads: Iterable<BenchRead>): Generator<BenchRead> {
  const picture = { key: 'home/cam/2026/01/01/a/1-plate.jpg', sha256: '0'.repeat(64), w: 200, h: 60 };
  let index = 0;
  for (const { plate, event } of reads) {
    index += 1;
    const site = Number(event.camera_id.slice(4)) % 5;
    const crossings = [{ line: 'gate', direction: index % 2 === 0 ? 'in' : 'out', at: event.detected_at }];
    const at = event.detected_at;
    const review = { by: 'Ada', at, action: 'confirm', text: null, reason: 'seen' } as const;
    const more: PlateEvent = {
      ...event,
      site_id: `site-${site}`,
      plate: { ...event.plate, region: ['DE', 'FR', 'GB', null][index % 4] ?? null },
      vehicle: { detected: true, type: index % 9 === 0 ? 'truck' : 'car', confidence: 0.9 },
      images: { plate: picture, vehicle: picture, frame: picture },
      motion: { ...event.motion, crossings: site < 3 ? crossings : null },
      ...(index % 100 === 0 && { revision: 1_000_000, status: 'corrected' as const, review }),
    };
    yield { plate, event: more };
  }
}

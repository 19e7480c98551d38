import type { PlateEvent } from '../../src/contract/plate-event.ts';
import type { Sql } from '../../src/db/sql.ts';
import { refreshStatistics } from '../../src/store/upkeep/statistics.ts';
import { loadDatabase } from './search-load.ts';
import { type BenchRead, makeReads } from './search-plates.ts';

/**
 * Fills a database with what reports ask for: reads of a year at five sites, passages, alerts and deliveries. `seen` is called for each
 * read.
 */
export async function fillReports(sql: Sql, count: number, seen?: (event: PlateEvent) => void): Promise<void> {
  const now = Date.now();
  await loadDatabase(sql, withMore(makeReads(count, now), seen), now);
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
function* withMore(reads: Iterable<BenchRead>, seen?: (event: PlateEvent) => void): Generator<BenchRead> {
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
    seen?.(more);
    yield { plate, event: more };
  }
}

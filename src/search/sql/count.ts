import type { Bucket, BucketCount, Count, Facets } from '../../contract/api/search.ts';
import type { Sql } from '../../db/sql.ts';
import { MAX_VALUES, type NearMatch } from '../engine.ts';
import type { PatternMatch } from '../explain-pattern.ts';
import type { SearchFilter } from '../search.ts';
import { Bindings, filterCondition } from './filter.ts';
import { matchCondition } from './match.ts';

type Match = PatternMatch | NearMatch | undefined;
type Group = Readonly<{ facet: number; value: string | null; events: number }>;

/** The value of GROUPING() for each facet: one bit for every column that is not grouped by. */
const FACETS = { cameras: 0b01111, sites: 0b10111, regions: 0b11011, vehicles: 0b11101, hours: 0b11110, all: 0b11111 };

/** Counts by all facets in one pass. */
export async function countFacets(sql: Sql, match: Match, filter: SearchFilter): Promise<Facets> {
  const bindings = new Bindings();
  const groups = await sql.query<Group>(
    `SELECT GROUPING(camera_id, site_id, region, vehicle_type, hour) AS facet,
       coalesce(camera_id, site_id, region, vehicle_type, hour) AS value, count(*)::int AS events
     FROM (SELECT camera_id, site_id, region, vehicle_type, to_char(detected_at AT TIME ZONE 'UTC', 'HH24') AS hour
       FROM plate_events WHERE ${conditionOf(match, filter, bindings)}) AS counted
     GROUP BY GROUPING SETS ((), camera_id, site_id, region, vehicle_type, hour)`,
    bindings.values,
  );
  const of = (facet: number): Count[] =>
    groups.flatMap((group) =>
      group.facet === facet && group.value ? [{ value: group.value, events: group.events }] : [],
    );
  const ranked = (facet: number) => of(facet).sort(byEvents).slice(0, MAX_VALUES);
  return {
    events: groups.find(({ facet }) => facet === FACETS.all)?.events ?? 0,
    cameras: ranked(FACETS.cameras),
    sites: ranked(FACETS.sites),
    regions: ranked(FACETS.regions),
    vehicles: ranked(FACETS.vehicles),
    hours: of(FACETS.hours).sort((a, b) => Number(a.value) - Number(b.value)),
  };
}

/** Counts by spans of UTC's calendar. */
export async function countOverTime(
  sql: Sql,
  { match, filter, bucket }: Readonly<{ match: Match; filter: SearchFilter; bucket: Bucket }>,
): Promise<BucketCount[]> {
  const bindings = new Bindings();
  const span = bindings.bind(bucket);
  const rows = await sql.query<{ at: Date; events: number; mean: number }>(
    `SELECT date_trunc(${span}::text, detected_at, 'UTC') AS at, count(*)::int AS events, avg(confidence)::float8 AS mean
     FROM plate_events WHERE ${conditionOf(match, filter, bindings)} GROUP BY 1 ORDER BY 1`,
    bindings.values,
  );
  return rows.map(({ at, events, mean }) => ({
    at: at.toISOString(),
    events,
    mean_confidence: Number(mean.toFixed(4)),
  }));
}

function conditionOf(match: Match, filter: SearchFilter, bindings: Bindings): string {
  const where = filterCondition(filter, bindings);
  return match === undefined ? where : `${matchCondition(match, bindings)} AND ${where}`;
}

function byEvents(a: Count, b: Count): number {
  return b.events - a.events || (a.value < b.value ? -1 : 1);
}

import type { Scope } from '../../contract/access.ts';
import type { ShadowCounts, ShadowDifference, ShadowGroup, ShadowPair } from '../../contract/api/models.ts';
import { FIRST_REVIEW, type PlateEvent } from '../../contract/plate-event.ts';
import type { Sql } from '../../db/sql.ts';
import { decodeCursor, encodeCursor, type Page } from '../page.ts';
import { scopeCondition } from '../scope.ts';

/** Reads of a pair that are compared: what was no plate, or is the passage of another event, is not. */
export type ShadowFilter = Readonly<{
  reader: string;
  challenger: string;
  camera?: string | undefined;
  region?: string | undefined;
  scope: Scope;
}>;

/** Most pairs that are listed, and groups of one kind. */
const MOST_PAIRS = 50;
const MOST_GROUPS = 200;

/** Umlauts do not make two texts different. */
const plain = (text: string) => `translate(${text}, 'ÄÖÜ', 'AOU')`;
const MACHINE = `CASE WHEN status = 'corrected' THEN event#>>'{plate,candidates,1,text}' ELSE text_normalized END`;
const SHADOW = `event#>>'{processing,shadow,text}'`;
const IS_REVIEWED = `(shadow_differs AND revision >= ${FIRST_REVIEW})`;

/** Of a difference that a person has decided: who read what the person says. */
const RIGHT = `CASE WHEN NOT ${IS_REVIEWED} THEN NULL
  WHEN ${plain('text_normalized')} = ${plain(SHADOW)} THEN 'challenger'
  WHEN ${plain('text_normalized')} = ${plain(MACHINE)} THEN 'reader'
  ELSE 'neither' END`;

/** Pairs of which reads were compared, the newest first. */
export async function listShadowPairs(sql: Sql, model: string, scope: Scope): Promise<readonly ShadowPair[]> {
  const values: unknown[] = [`${model}@`];
  const where = scopeCondition(scope, (value) => `$${values.push(value)}`);
  const rows = await sql.query<Readonly<{ pair: string; compared: number; differing: number; newest: Date }>>(
    `SELECT shadow_pair AS pair, count(*)::int AS compared, count(*) FILTER (WHERE shadow_differs)::int AS differing,
       max(detected_at) AS newest
     FROM plate_events WHERE shadow_pair IS NOT NULL AND starts_with(shadow_pair, $1) AND status <> 'retracted' AND ${where}
     GROUP BY shadow_pair ORDER BY newest DESC LIMIT ${MOST_PAIRS}`,
    values,
  );
  return rows.map(({ pair, newest, ...counts }) => {
    const [reader = '', challenger = ''] = pair.split(' ');
    return { reader, challenger, ...counts, newest_at: newest.toISOString() };
  });
}

/** How often both read otherwise, and who was right: in all, and by camera, region, length of the text and the challenger's confidence. */
export async function countShadowReads(
  sql: Sql,
  filter: ShadowFilter,
): Promise<Readonly<{ total: ShadowCounts; groups: readonly ShadowGroup[] }>> {
  const values: unknown[] = [];
  const where = conditionOf(filter, (value) => `$${values.push(value)}`);
  const rows = await sql.query<ShadowGroup & Readonly<{ by: ShadowGroup['by'] | null }>>(
    `WITH compared AS (
       SELECT camera_id AS camera, coalesce(region, '') AS region, length(text_normalized)::text AS length,
         (floor(least(shadow_confidence, 0.999) * 10) / 10)::text AS confidence, shadow_differs, ${RIGHT} AS right_one
       FROM plate_events WHERE ${where}
     )
     SELECT CASE WHEN GROUPING(camera) = 0 THEN 'camera' WHEN GROUPING(region) = 0 THEN 'region'
         WHEN GROUPING(length) = 0 THEN 'length' WHEN GROUPING(confidence) = 0 THEN 'confidence' END AS by,
       coalesce(camera, region, length, confidence, '') AS name, count(*)::int AS compared,
       count(*) FILTER (WHERE shadow_differs)::int AS differing, count(right_one)::int AS reviewed,
       count(*) FILTER (WHERE right_one = 'reader')::int AS reader_right,
       count(*) FILTER (WHERE right_one = 'challenger')::int AS challenger_right
     FROM compared GROUP BY GROUPING SETS ((), (camera), (region), (length), (confidence))
     ORDER BY by NULLS FIRST, differing DESC, name LIMIT ${4 * MOST_GROUPS + 1}`,
    values,
  );
  const groups = rows.filter(({ by }) => by !== null);
  const { by: _, name: __, ...total } = rows.find(({ by }) => by === null) ?? { ...NOTHING, by: null, name: '' };
  return { total, groups };
}

const NOTHING = { compared: 0, differing: 0, reviewed: 0, reader_right: 0, challenger_right: 0 };

/** Events that both read otherwise, the newest first. */
export async function listDifferences(
  sql: Sql,
  { limit, cursor, ...filter }: ShadowFilter & Readonly<{ limit: number; cursor?: string | undefined }>,
): Promise<Page<ShadowDifference>> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const where = [conditionOf(filter, bind), 'shadow_differs'];
  if (cursor !== undefined) {
    const [at, id] = decodeCursor(cursor, ['time', 'uuid']);
    where.push(`(detected_at, event_id) < (${bind(at)}::timestamptz, ${bind(id)}::uuid)`);
  }
  const rows = await sql.query<Readonly<{ event: PlateEvent; machine: string; right_one: ShadowDifference['right'] }>>(
    `SELECT event, ${MACHINE} AS machine, ${RIGHT} AS right_one FROM plate_events WHERE ${where.join(' AND ')}
     ORDER BY detected_at DESC, event_id DESC LIMIT ${bind(limit + 1)}::int`,
    values,
  );
  const items = rows.slice(0, limit).map(({ event, machine, right_one: right }) => {
    const { event_id, camera_id, site_id, camera_name, detected_at, plate, processing, images } = event;
    return {
      ...{ event_id, camera_id, site_id, camera_name, detected_at, region: plate.region },
      picture: images && { key: images.plate.key, w: images.plate.w, h: images.plate.h },
      reader: { text: machine, confidence: event.review ? null : plate.confidence },
      challenger: { text: processing.shadow?.text ?? '', confidence: processing.shadow?.confidence ?? 0 },
      truth: right === null ? null : plate.text_normalized,
      right,
    };
  });
  const last = items.at(-1);
  return { items, next: rows.length > limit && last ? encodeCursor([last.detected_at, last.event_id]) : null };
}

function conditionOf(filter: ShadowFilter, bind: (value: unknown) => string): string {
  const { reader, challenger, camera, region, scope } = filter;
  const conditions = [`shadow_pair = ${bind(`${reader} ${challenger}`)}`, `status <> 'retracted'`];
  if (camera !== undefined) conditions.push(`camera_id = ${bind(camera)}`);
  if (region !== undefined) conditions.push(`region = ${bind(region)}`);
  conditions.push(scopeCondition(scope, bind));
  return conditions.join(' AND ');
}

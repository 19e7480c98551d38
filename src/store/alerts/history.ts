import type { PlateEvent } from '../../contract/plate-event.ts';
import { normalizePlate } from '../../contract/plate-text.ts';
import { FIRST_TIME } from '../../contract/plausible-time.ts';
import type { SqlSession } from '../../db/sql.ts';
import { listDirections } from '../event-row.ts';

type Query = Pick<SqlSession, 'query'>;

/** What rules ask of another passage. Times are milliseconds. */
export type Passage = Readonly<{
  id: string;
  at: number;
  text: string;
  camera: string;
  site: string;
  directions: readonly string[];
}>;

/** Whether rules have decided the passage in the last day. */
export type StoredPassage = Passage & Readonly<{ decided: boolean }>;

type PassageRow = Readonly<{
  event_id: string;
  detected_at: Date;
  text_normalized: string;
  camera_id: string;
  site_id: string;
  directions: readonly string[] | null;
  decided: boolean;
}>;

const FIRST_MS = Date.parse(FIRST_TIME);
const LAST_MS = Date.parse('9999-12-31T00:00:00.000Z');

/** Most passages of one plate that are looked at, the newest. */
const MOST_PASSAGES = 2000;

const COLUMNS = 'event_id, detected_at, text_normalized, camera_id, site_id, directions';

/** The newest revisions of both tables, each event from one of them; those that were noted first. */
const STORED = `status <> 'retracted' AND NOT EXISTS (
  SELECT FROM alert_passages AS newer WHERE newer.event_id = stored.event_id AND newer.revision >= stored.revision)`;
const NOTED = `status <> 'retracted' AND NOT EXISTS (
  SELECT FROM plate_events AS newer
  WHERE newer.event_id = noted.event_id AND newer.detected_at = noted.detected_at AND newer.revision > noted.revision)`;

const FIND_PASSAGES = findWithin('BETWEEN wanted.since AND wanted.until', MOST_PASSAGES);
const FIND_LATEST = findWithin('>= wanted.since AND detected_at < wanted.until', 1);

function findWithin(span: string, most: number): string {
  const where = `text_normalized = wanted.text AND detected_at ${span}`;
  return `WITH wanted AS (
    SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) AS one (text, since, until)
  ) SELECT found.* FROM wanted CROSS JOIN LATERAL (
    (SELECT ${COLUMNS}, false AS decided FROM plate_events AS stored WHERE ${where} AND ${STORED}
     ORDER BY detected_at DESC LIMIT ${most})
    UNION ALL
    (SELECT ${COLUMNS}, true FROM alert_passages AS noted WHERE ${where} AND ${NOTED}
     ORDER BY detected_at DESC LIMIT ${most})
  ) AS found`;
}

/** A plate and a span of time, in milliseconds. */
export type TextSpan = Readonly<{ text: string; since: number; until: number }>;

/** Passages of plates within spans, both ends included. */
export function findPassages(sql: Query, spans: readonly TextSpan[]): Promise<readonly StoredPassage[]> {
  return runSpans(sql, FIND_PASSAGES, spans, 'alert-find-passages');
}

/** The latest passage of each plate within its span, the end not included. */
export function findLatest(sql: Query, spans: readonly TextSpan[]): Promise<readonly StoredPassage[]> {
  return runSpans(sql, FIND_LATEST, spans, 'alert-find-latest');
}

async function runSpans(sql: Query, statement: string, spans: readonly TextSpan[], name: string) {
  if (spans.length === 0) return [];
  const values = [
    spans.map(({ text }) => text),
    spans.map(({ since }) => timeOf(since)),
    spans.map(({ until }) => timeOf(until)),
  ];
  return (await sql.query<PassageRow>(statement, values, name)).map(passageOf);
}

/** What was known of an event: its newest revision, and every plate that any of them read. */
export type KnownEvent = Readonly<{ revision: number; texts: readonly string[] }>;

/** What is known of events that were detected between two moments, in milliseconds; by id in lower case. */
export async function readKnown(
  sql: Query,
  ids: readonly string[],
  { from, to }: Readonly<{ from: number; to: number }>,
): Promise<ReadonlyMap<string, KnownEvent>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query<{ event_id: string; revision: number; texts: string[] }>(
    `SELECT event_id, max(revision) AS revision, array_agg(DISTINCT text_normalized) AS texts FROM (
       SELECT event_id, revision, text_normalized FROM alert_passages WHERE event_id = ANY ($1::uuid[])
       UNION ALL SELECT event_id, revision, text_normalized FROM plate_events
         WHERE event_id = ANY ($1::uuid[]) AND detected_at BETWEEN $2 AND $3
       UNION ALL SELECT event_id, revision, text_normalized FROM event_revisions
         WHERE event_id = ANY ($1::uuid[]) AND detected_at BETWEEN $2 AND $3 AND text_normalized IS NOT NULL
     ) AS known GROUP BY event_id`,
    [ids, timeOf(from), timeOf(to)],
    'alert-read-known',
  );
  return new Map(rows.map(({ event_id, revision, texts }) => [event_id, { revision, texts }]));
}

/** Notes passages before they are decided, so that of two that are decided at once one sees the other. */
export async function notePassages(sql: Query, events: readonly PlateEvent[]): Promise<void> {
  const rows = events.map((event) => ({
    event_id: event.event_id,
    detected_at: event.detected_at,
    revision: event.revision,
    status: event.status,
    site_id: event.site_id,
    camera_id: event.camera_id,
    text_normalized: normalizePlate(event.plate.text_normalized),
    directions: listDirections(event).length > 0 ? listDirections(event) : null,
    event,
  }));
  const columns = 'event_id, detected_at, revision, status, site_id, camera_id, text_normalized, directions, event';
  // In one order everywhere, so that two writers wait for each other instead of blocking each other.
  await sql.query(
    `INSERT INTO alert_passages (${columns})
     SELECT ${columns} FROM json_populate_recordset(NULL::alert_passages, $1) AS given
     WHERE NOT EXISTS (SELECT FROM erased_events AS erased WHERE erased.event_id = given.event_id) ORDER BY event_id
     ON CONFLICT (event_id) DO UPDATE SET
       detected_at = EXCLUDED.detected_at, revision = EXCLUDED.revision, status = EXCLUDED.status,
       site_id = EXCLUDED.site_id, camera_id = EXCLUDED.camera_id, text_normalized = EXCLUDED.text_normalized,
       directions = EXCLUDED.directions, event = EXCLUDED.event, noted_at = now()
     WHERE alert_passages.revision < EXCLUDED.revision`,
    [JSON.stringify(rows)],
    'alert-note-passages',
  );
}

/** The newest revisions of passages. */
export async function readPassageEvents(
  sql: Query,
  passages: readonly Pick<Passage, 'id' | 'at'>[],
): Promise<readonly PlateEvent[]> {
  if (passages.length === 0) return [];
  const rows = await sql.query<{ event: PlateEvent }>(
    `SELECT DISTINCT ON (event_id) event FROM (
       SELECT event_id, revision, event FROM alert_passages
         WHERE event_id = ANY ($1::uuid[]) AND event IS NOT NULL
       UNION ALL SELECT event_id, revision, event FROM plate_events
         WHERE event_id = ANY ($1::uuid[]) AND detected_at = ANY ($2::timestamptz[])
     ) AS known ORDER BY event_id, revision DESC`,
    [passages.map(({ id }) => id), [...new Set(passages.map(({ at }) => timeOf(at)))]],
  );
  return rows.map(({ event }) => event);
}

/** Forgets noted passages after a day, and their events as soon as ingest has them. */
export async function tidyPassages(sql: Query): Promise<void> {
  await sql.query("DELETE FROM alert_passages WHERE noted_at < now() - interval '1 day'");
  await sql.query(
    `UPDATE alert_passages AS noted SET event = NULL
     WHERE event IS NOT NULL AND noted_at < now() - interval '10 minutes' AND EXISTS (
       SELECT FROM plate_events AS stored WHERE stored.event_id = noted.event_id
         AND stored.detected_at = noted.detected_at AND stored.revision >= noted.revision)`,
  );
}

function passageOf(row: PassageRow): StoredPassage {
  return {
    id: row.event_id,
    at: row.detected_at.getTime(),
    text: row.text_normalized,
    camera: row.camera_id,
    site: row.site_id,
    directions: row.directions ?? [],
    decided: row.decided,
  };
}

/** Spans reach further back and ahead than PostgreSQL can write; nothing was detected there. */
export function timeOf(ms: number): string {
  return new Date(Math.min(Math.max(ms, FIRST_MS), LAST_MS)).toISOString();
}

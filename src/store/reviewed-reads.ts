import { FIRST_REVIEW } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';

/** Newest decisions that are looked at. */
const MOST = 50_000;

/** What the machine said of a read, and whether a person found its text right. `id` is that of the event. */
export type ReviewedRead = Readonly<{
  id: string;
  site: string;
  camera: string;
  at: Date;
  confidence: number;
  right: boolean;
}>;

const REVIEWED = `SELECT event_id::text AS id, site_id AS site, camera_id AS camera, detected_at AS at,
    substring(left(split_part(machine.said, '"confidence":', 2), 24) FROM '^[0-9.e+-]+')::float8 AS confidence,
    status <> 'retracted' AND text_normalized = machine.text AS right
  FROM (
    SELECT * FROM plate_events WHERE revision >= ${FIRST_REVIEW} AND ($1::text IS NULL OR camera_id = $1)
    ORDER BY detected_at DESC, event_id DESC LIMIT ${MOST}
  ) AS reviewed CROSS JOIN LATERAL (
    SELECT event::text AS said, text_normalized AS text FROM event_revisions
    WHERE event_id = reviewed.event_id AND detected_at = reviewed.detected_at AND revision < ${FIRST_REVIEW}
    ORDER BY revision DESC LIMIT 1
  ) AS machine
  WHERE substring(event::text FROM '"action":"([a-z]+)"') <> 'merge'
  ORDER BY site, camera, at, id`;

/** Reads on which a person decided, of one camera or of all, oldest first. One that was merged says nothing about its text. */
export function readReviewedReads(sql: Sql, camera?: string): Promise<readonly ReviewedRead[]> {
  return sql.query<ReviewedRead>(REVIEWED, [camera ?? null]);
}

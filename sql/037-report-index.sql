-- What reports ask of each read, in the index by time: a year of reads is counted without the reads themselves, which are ten times as
-- wide. What has no bound, such as the directions, cannot stand in an index.

-- The last of its crossings that is called in or out; empty where there is none, NULL for reads that were stored before this column.
ALTER TABLE plate_events ADD COLUMN moved text;

DROP INDEX plate_events_time;
CREATE INDEX plate_events_time ON plate_events (detected_at DESC, event_id DESC)
  INCLUDE (site_id, camera_id, status, text_normalized, region, vehicle_type, has_pictures, moved);
-- Only reads that were stored before.
CREATE INDEX plate_events_before_moved ON plate_events (detected_at) WHERE moved IS NULL;

-- Two parts, so that PostgreSQL sees that the first one needs nothing but the index.
CREATE OR REPLACE VIEW report_reads AS
  SELECT detected_at, site_id, camera_id, status, confidence, region, vehicle_type,
    CASE WHEN revision >= 1000000 THEN substring(event::text FROM '"action":"([a-z]+)"') END AS decision,
    has_pictures, revision >= 1000000 AS was_decided
  FROM plate_events WHERE moved IS NOT NULL
  UNION ALL
  SELECT detected_at, site_id, camera_id, status, confidence, region, vehicle_type,
    CASE WHEN revision >= 1000000 THEN substring(event::text FROM '"action":"([a-z]+)"') END,
    coalesce(has_pictures, event::text LIKE '%"images":{%'), revision >= 1000000
  FROM plate_events WHERE moved IS NULL;

CREATE OR REPLACE VIEW report_plates AS
  SELECT detected_at, site_id, camera_id, text_normalized AS plate, directions, moved
  FROM plate_events
  WHERE status <> 'retracted' AND text_normalized <> '' AND moved IS NOT NULL
  UNION ALL
  SELECT detected_at, site_id, camera_id, text_normalized, directions, coalesce((
    SELECT one.way FROM unnest(directions) WITH ORDINALITY AS one (way, nth)
    WHERE one.way IN ('in', 'out') ORDER BY one.nth DESC LIMIT 1), '')
  FROM plate_events
  WHERE status <> 'retracted' AND text_normalized <> '' AND moved IS NULL;

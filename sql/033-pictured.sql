-- Reads with pictures, for reports: taking a million events apart to find them took 14 seconds.
CREATE INDEX plate_events_pictured ON plate_events (detected_at) INCLUDE (site_id, camera_id)
  WHERE status <> 'retracted' AND event::text LIKE '%"images":{%';

-- Whoever asks only for what people decided finds it by the index plate_events_reviewed.
CREATE OR REPLACE VIEW report_reads AS
  SELECT detected_at, site_id, camera_id, status, confidence, region, vehicle_type,
    CASE WHEN revision >= 1000000 THEN substring(event::text FROM '"action":"([a-z]+)"') END AS decision,
    event::text LIKE '%"images":{%' AS has_pictures, revision >= 1000000 AS was_decided
  FROM plate_events;

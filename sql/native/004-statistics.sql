-- Statistics as views of the same names and columns as TimescaleDB's continuous aggregates: hours before `refreshed_to`
-- are kept in materialised views, which maintenance refreshes, and those since then are counted as they are asked for.
CREATE TABLE statistics_state (
  only_one     boolean     PRIMARY KEY DEFAULT true CHECK (only_one),
  refreshed_to timestamptz NOT NULL
);
INSERT INTO statistics_state (refreshed_to) VALUES ('-infinity');

CREATE MATERIALIZED VIEW reads_per_camera_hour_kept AS
  SELECT site_id, camera_id, date_bin('1 hour', detected_at, '2000-01-01 00:00+00') AS hour,
    count(*) AS reads, avg(confidence) AS mean_confidence,
    sum(frames_read) AS frames_read, sum(reads_agreeing) AS reads_agreeing
  FROM plate_events
  WHERE status <> 'retracted' AND detected_at < (SELECT refreshed_to FROM statistics_state)
  GROUP BY 1, 2, 3;
CREATE UNIQUE INDEX reads_per_camera_hour_key ON reads_per_camera_hour_kept (hour, camera_id, site_id);

CREATE VIEW reads_per_camera_hour AS
  SELECT * FROM reads_per_camera_hour_kept
  UNION ALL
  SELECT site_id, camera_id, date_bin('1 hour', detected_at, '2000-01-01 00:00+00'),
    count(*), avg(confidence), sum(frames_read), sum(reads_agreeing)
  FROM plate_events
  WHERE status <> 'retracted' AND detected_at >= (SELECT refreshed_to FROM statistics_state)
  GROUP BY 1, 2, 3;

-- Whole days (UTC) only: plates of two halves of a day cannot be added.
CREATE MATERIALIZED VIEW unique_plates_per_day_kept AS
  SELECT date_bin('1 day', detected_at, '2000-01-01 00:00+00') AS day,
    count(DISTINCT text_normalized) AS plates, count(*) AS reads
  FROM plate_events
  WHERE status <> 'retracted'
    AND detected_at < (SELECT date_bin('1 day', refreshed_to, '2000-01-01 00:00+00') FROM statistics_state)
  GROUP BY 1;
CREATE UNIQUE INDEX unique_plates_per_day_key ON unique_plates_per_day_kept (day);

CREATE VIEW unique_plates_per_day AS
  SELECT * FROM unique_plates_per_day_kept
  UNION ALL
  SELECT date_bin('1 day', detected_at, '2000-01-01 00:00+00'), count(DISTINCT text_normalized), count(*)
  FROM plate_events
  WHERE status <> 'retracted'
    AND detected_at >= (SELECT date_bin('1 day', refreshed_to, '2000-01-01 00:00+00') FROM statistics_state)
  GROUP BY 1;

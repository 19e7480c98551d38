-- Statistics as continuous aggregates: what is older than an hour (a day for plates) is kept and brought up to date each
-- hour where something changed, what is newer is counted as it is asked for.
CREATE MATERIALIZED VIEW reads_per_camera_hour
  WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
  SELECT site_id, camera_id, time_bucket('1 hour', detected_at) AS hour,
    count(*) AS reads, avg(confidence) AS mean_confidence,
    sum(frames_read) AS frames_read, sum(reads_agreeing) AS reads_agreeing
  FROM plate_events WHERE status <> 'retracted'
  GROUP BY site_id, camera_id, time_bucket('1 hour', detected_at)
  WITH NO DATA;
SELECT add_continuous_aggregate_policy('reads_per_camera_hour',
  start_offset => NULL, end_offset => interval '1 hour', schedule_interval => interval '1 hour');

CREATE MATERIALIZED VIEW unique_plates_per_day
  WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
  SELECT time_bucket('1 day', detected_at) AS day, count(DISTINCT text_normalized) AS plates, count(*) AS reads
  FROM plate_events WHERE status <> 'retracted'
  GROUP BY time_bucket('1 day', detected_at)
  WITH NO DATA;
SELECT add_continuous_aggregate_policy('unique_plates_per_day',
  start_offset => NULL, end_offset => interval '1 day', schedule_interval => interval '1 hour');

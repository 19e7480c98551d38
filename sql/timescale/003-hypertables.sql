-- Hypertables by detected_at in chunks of a week, compressed after a month. What is there already is moved into chunks.
SELECT create_hypertable('plate_events', 'detected_at', chunk_time_interval => interval '7 days',
  create_default_indexes => false, migrate_data => true);
SELECT create_hypertable('event_revisions', 'detected_at', chunk_time_interval => interval '7 days',
  create_default_indexes => false, migrate_data => true);

ALTER TABLE plate_events SET (timescaledb.compress, timescaledb.compress_segmentby = 'camera_id',
  timescaledb.compress_orderby = 'detected_at DESC, event_id DESC');
ALTER TABLE event_revisions SET (timescaledb.compress, timescaledb.compress_segmentby = '',
  timescaledb.compress_orderby = 'detected_at DESC, event_id DESC, revision DESC');
SELECT add_compression_policy('plate_events', compress_after => interval '30 days');
SELECT add_compression_policy('event_revisions', compress_after => interval '30 days');

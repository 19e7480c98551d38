-- Statistics as tables of counts instead of materialised views: upkeep counts the hours and days that are over since it last
-- did, and of those before them only the ones in which something was written. Everything is counted once more at first.
CREATE TABLE counted_hours (
  hour            timestamptz NOT NULL,
  camera_id       text        NOT NULL,
  site_id         text        NOT NULL,
  reads           bigint      NOT NULL,
  mean_confidence float8      NOT NULL,
  frames_read     bigint,
  reads_agreeing  bigint,
  PRIMARY KEY (hour, camera_id, site_id)
);
CREATE TABLE counted_days (
  day    timestamptz PRIMARY KEY,
  plates bigint      NOT NULL,
  reads  bigint      NOT NULL
);
UPDATE statistics_state SET refreshed_to = '-infinity';

CREATE OR REPLACE VIEW reads_per_camera_hour AS
  SELECT site_id, camera_id, hour, reads, mean_confidence, frames_read, reads_agreeing FROM counted_hours
  UNION ALL
  SELECT site_id, camera_id, date_bin('1 hour', detected_at, '2000-01-01 00:00+00'),
    count(*), avg(confidence), sum(frames_read), sum(reads_agreeing)
  FROM plate_events
  WHERE status <> 'retracted' AND detected_at >= (SELECT refreshed_to FROM statistics_state)
  GROUP BY 1, 2, 3;

-- Whole days (UTC) only: plates of two halves of a day cannot be added.
CREATE OR REPLACE VIEW unique_plates_per_day AS
  SELECT day, plates, reads FROM counted_days
  UNION ALL
  SELECT date_bin('1 day', detected_at, '2000-01-01 00:00+00'), count(DISTINCT text_normalized), count(*)
  FROM plate_events
  WHERE status <> 'retracted'
    AND detected_at >= (SELECT date_bin('1 day', refreshed_to, '2000-01-01 00:00+00') FROM statistics_state)
  GROUP BY 1;

DROP MATERIALIZED VIEW reads_per_camera_hour_kept;
DROP MATERIALIZED VIEW unique_plates_per_day_kept;

-- Hours of what was written since they were counted, a row for each statement: a key would make writers wait for each other.
-- What a writer commits while upkeep counts leaves its row for the next time.
CREATE TABLE changed_hours (hour timestamptz NOT NULL);

CREATE FUNCTION note_changed_hours() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO changed_hours SELECT DISTINCT date_bin('1 hour', detected_at, '2000-01-01 00:00+00') FROM changed;
  RETURN NULL;
END
$$;
CREATE TRIGGER plate_events_inserted AFTER INSERT ON plate_events
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_changed_hours();
CREATE TRIGGER plate_events_updated AFTER UPDATE ON plate_events
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_changed_hours();
CREATE TRIGGER plate_events_updated_from AFTER UPDATE ON plate_events
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_changed_hours();
CREATE TRIGGER plate_events_deleted AFTER DELETE ON plate_events
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_changed_hours();

CREATE FUNCTION forget_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM counted_hours;
  DELETE FROM counted_days;
  RETURN NULL;
END
$$;
CREATE TRIGGER plate_events_truncated AFTER TRUNCATE ON plate_events
  FOR EACH STATEMENT EXECUTE FUNCTION forget_counts();

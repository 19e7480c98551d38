-- Range partitions by detected_at. What is there already becomes the first partition as it is: nothing is copied. Further
-- ones are made ahead by maintenance; the default partition takes what none of them covers, so that nothing is refused.
ALTER TABLE plate_events RENAME TO plate_events_before;
ALTER TABLE event_revisions RENAME TO event_revisions_before;
DROP TRIGGER plate_events_superseded ON plate_events_before;
ALTER INDEX plate_events_pkey      RENAME TO plate_events_before_pkey;
ALTER INDEX event_revisions_pkey   RENAME TO event_revisions_before_pkey;
ALTER INDEX plate_events_time      RENAME TO plate_events_before_time;
ALTER INDEX plate_events_camera    RENAME TO plate_events_before_camera;
ALTER INDEX plate_events_text      RENAME TO plate_events_before_text;
ALTER INDEX plate_events_other     RENAME TO plate_events_before_other;

CREATE TABLE plate_events (LIKE plate_events_before INCLUDING DEFAULTS, PRIMARY KEY (event_id, detected_at))
  PARTITION BY RANGE (detected_at);
CREATE INDEX plate_events_time   ON plate_events (detected_at DESC, event_id DESC);
CREATE INDEX plate_events_camera ON plate_events (camera_id, detected_at DESC, event_id DESC);
CREATE INDEX plate_events_text   ON plate_events (text_normalized text_pattern_ops, detected_at DESC);
CREATE INDEX plate_events_other  ON plate_events USING gin (candidates);
CREATE TABLE plate_events_default PARTITION OF plate_events DEFAULT;

CREATE TABLE event_revisions
  (LIKE event_revisions_before INCLUDING DEFAULTS, PRIMARY KEY (event_id, detected_at, revision))
  PARTITION BY RANGE (detected_at);
CREATE TABLE event_revisions_default PARTITION OF event_revisions DEFAULT;

-- The first of next month bounds what is there; what a wrong clock put behind it goes to the default partition.
DO $$
DECLARE
  parent text;
  bound  timestamptz := date_trunc('month', date_trunc('month', now(), 'UTC') + interval '35 days', 'UTC');
  filled boolean;
BEGIN
  FOREACH parent IN ARRAY ARRAY['plate_events', 'event_revisions'] LOOP
    EXECUTE format('WITH ahead AS (DELETE FROM %1$I WHERE detected_at >= %2$L RETURNING *)
      INSERT INTO %3$I SELECT * FROM ahead', parent || '_before', bound, parent || '_default');
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', parent || '_before') INTO filled;
    IF filled THEN
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)',
        parent, parent || '_before', bound);
    ELSE
      EXECUTE format('DROP TABLE %I', parent || '_before');
    END IF;
  END LOOP;
END
$$;

CREATE TRIGGER plate_events_superseded AFTER UPDATE ON plate_events
  FOR EACH ROW WHEN (OLD.revision < NEW.revision) EXECUTE FUNCTION keep_superseded();

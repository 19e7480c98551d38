-- For how many days events with an alert are kept although others of their age go, as configured; null for no longer than these.
CREATE TABLE hit_retention (
  one  boolean PRIMARY KEY DEFAULT true CHECK (one),
  days integer
);
INSERT INTO hit_retention DEFAULT VALUES;

-- Events that a hold keeps, whichever of their revisions is of its plate, and those that raised an alert that stands.
CREATE OR REPLACE VIEW held_events AS
  WITH holds AS (SELECT plate, event_id FROM retention_holds WHERE ended_at IS NULL AND (until IS NULL OR until > now()))
  SELECT stored.event_id FROM holds JOIN plate_events AS stored ON stored.text_normalized = holds.plate
  UNION SELECT earlier.event_id FROM holds JOIN event_revisions AS earlier ON earlier.text_normalized = holds.plate
  UNION SELECT event_id FROM holds WHERE event_id IS NOT NULL
  UNION SELECT hits.event_id FROM hit_retention JOIN alerts AS hits ON hits.happened_at > now() - days * interval '1 day'
    WHERE hits.event_id IS NOT NULL AND hits.status <> 'withdrawn';

-- What keeps events from being removed. A plate stands here as long as its hold is in force.
CREATE TABLE retention_holds (
  id          uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  plate       text,
  event_id    uuid,
  class       text        NOT NULL CHECK (class IN ('hold', 'case')),
  reason      text        NOT NULL,
  case_number text,
  set_by      text        NOT NULL,
  set_at      timestamptz NOT NULL DEFAULT now(),
  until       timestamptz,
  ended_at    timestamptz,
  ended_by    text,
  CHECK (plate IS NULL OR event_id IS NULL)
);

-- Events that must not come back: from the bus, a spool, the dead letters or a backup.
CREATE TABLE erased_events (
  event_id   uuid   PRIMARY KEY,
  erasure_id uuid   NOT NULL,
  refused    bigint NOT NULL DEFAULT 0
);
CREATE INDEX erased_events_erasure ON erased_events (erasure_id);

-- What was erased, without the plate. The report is kept as the text that was signed.
CREATE TABLE erasure_reports (
  id     uuid        PRIMARY KEY,
  at     timestamptz NOT NULL,
  done_by text       NOT NULL,
  reason text        NOT NULL,
  kind   text        NOT NULL CHECK (kind IN ('plate', 'event')),
  events integer     NOT NULL,
  signed text        NOT NULL
);
CREATE INDEX erasure_reports_time ON erasure_reports (at DESC, id DESC);

-- Keys under which the plates of a month become pseudonyms. Without its key nobody can tell which plate was which.
CREATE TABLE pseudonym_keys (
  month        date        PRIMARY KEY,
  key          bytea,
  destroyed_at timestamptz,
  CHECK ((key IS NULL) = (destroyed_at IS NOT NULL))
);

-- Which plate an earlier revision was of: an erasure must find it there too.
ALTER TABLE event_revisions ADD COLUMN text_normalized text;
UPDATE event_revisions SET text_normalized =
  upper(regexp_replace(substring(event::text FROM '"text_normalized":"([^"]*)"'), '[^[:alnum:]]', '', 'g'));
CREATE INDEX event_revisions_text ON event_revisions (text_normalized);

CREATE OR REPLACE FUNCTION keep_superseded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event_revisions (event_id, detected_at, revision, status, stored_at, event, text_normalized)
    VALUES (OLD.event_id, OLD.detected_at, OLD.revision, OLD.status, OLD.stored_at, OLD.event, OLD.text_normalized)
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

-- Events that a hold keeps, whichever of their revisions is of its plate.
CREATE VIEW held_events AS
  WITH holds AS (SELECT plate, event_id FROM retention_holds WHERE ended_at IS NULL AND (until IS NULL OR until > now()))
  SELECT stored.event_id FROM holds JOIN plate_events AS stored ON stored.text_normalized = holds.plate
  UNION SELECT earlier.event_id FROM holds JOIN event_revisions AS earlier ON earlier.text_normalized = holds.plate
  UNION SELECT event_id FROM holds WHERE event_id IS NOT NULL;

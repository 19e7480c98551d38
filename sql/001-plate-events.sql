-- Plate events, every revision of them, and messages that could not be read.
-- Every unique key contains detected_at, so that the tables can become hypertables. Events are json, not jsonb: they are
-- stored and answered as one text, taking them apart would be most of the work of writing, and nothing searches in them.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

-- Characters that plates make alike become one: 0OQD, 1I, 2Z, 5S, 8B, 6G.
CREATE FUNCTION fold_plate(text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN translate($1, 'OQDIZSBG', '00012586');

-- The newest revision of each event.
CREATE TABLE plate_events (
  event_id        uuid        NOT NULL,
  detected_at     timestamptz NOT NULL,
  revision        integer     NOT NULL,
  status          text        NOT NULL,
  site_id         text        NOT NULL,
  camera_id       text        NOT NULL,
  text_normalized text        NOT NULL,
  -- Other readings that were possible, folded, without the chosen one.
  candidates      text[]      NOT NULL,
  confidence      real        NOT NULL,
  region          text,
  vehicle_type    text,
  stored_at       timestamptz NOT NULL DEFAULT now(),
  event           json        NOT NULL,
  PRIMARY KEY (event_id, detected_at)
);

CREATE INDEX plate_events_time   ON plate_events (detected_at DESC, event_id DESC);
CREATE INDEX plate_events_camera ON plate_events (camera_id, detected_at DESC, event_id DESC);
CREATE INDEX plate_events_text   ON plate_events (text_normalized text_pattern_ops, detected_at DESC);
CREATE INDEX plate_events_other  ON plate_events USING gin (candidates);

-- Each text once, for searches by likeness and by parts: a plate is seen often, and narrow rows are read quickly. Texts
-- that no event has any more do no harm. Parts and patterns are looked up folded and then compared as they are.
CREATE TABLE plate_texts (
  text   text PRIMARY KEY,
  folded text NOT NULL GENERATED ALWAYS AS (fold_plate(text)) STORED
);
CREATE INDEX plate_texts_folded ON plate_texts USING gin (folded gin_trgm_ops);

-- Revisions that a newer one replaced, or that came after it. Together with plate_events each revision stands once.
CREATE TABLE event_revisions (
  event_id    uuid        NOT NULL,
  detected_at timestamptz NOT NULL,
  revision    integer     NOT NULL,
  status      text        NOT NULL,
  stored_at   timestamptz NOT NULL DEFAULT now(),
  event       json        NOT NULL,
  PRIMARY KEY (event_id, detected_at, revision)
);

-- In the database, so that two writers of one event cannot lose a revision between them.
CREATE FUNCTION keep_superseded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event_revisions (event_id, detected_at, revision, status, stored_at, event)
    VALUES (OLD.event_id, OLD.detected_at, OLD.revision, OLD.status, OLD.stored_at, OLD.event)
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER plate_events_superseded AFTER UPDATE ON plate_events
  FOR EACH ROW WHEN (OLD.revision < NEW.revision) EXECUTE FUNCTION keep_superseded();

-- Messages that are no event: the original bytes and why.
CREATE TABLE dead_letters (
  id         uuid        NOT NULL DEFAULT gen_random_uuid(),
  at         timestamptz NOT NULL DEFAULT now(),
  topic      text        NOT NULL,
  key        text        NOT NULL,
  headers    jsonb       NOT NULL,
  value      bytea       NOT NULL,
  error_code text        NOT NULL,
  error      text        NOT NULL,
  PRIMARY KEY (id, at)
);
CREATE INDEX dead_letters_time ON dead_letters (at DESC);

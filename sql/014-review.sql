-- What people add: decisions on reads, notes, tags, saved searches.

-- How much a final read is in doubt, 0 to 1; null where nothing is to be decided: hardly in doubt, reviewed, not final. Reads
-- that were stored before this column have none. The queue of reviews is read from its index alone.
ALTER TABLE plate_events ADD COLUMN doubt real;
CREATE INDEX plate_events_doubt ON plate_events (doubt DESC, detected_at DESC, event_id DESC)
  INCLUDE (camera_id, site_id, region) WHERE doubt IS NOT NULL;

-- What people decided is found without looking at all that they did not: their revisions are numbered from 1,000,000 on.
CREATE INDEX plate_events_reviewed ON plate_events (detected_at, event_id) WHERE revision >= 1000000;

-- What the audit has on one event goes into its evidence.
CREATE INDEX audit_entries_event ON audit_entries ((entry->'query'->>'event'))
  WHERE entry->'query'->>'event' IS NOT NULL;

-- Whose a read is for a while: offered to a person, or being decided on.
CREATE TABLE review_leases (
  event_id uuid        PRIMARY KEY,
  holder   text        NOT NULL,
  deciding boolean     NOT NULL,
  until    timestamptz NOT NULL
);

-- Notes and tags, each of a plate or of an event.
CREATE TABLE plate_notes (
  id       uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  plate    text,
  event_id uuid,
  kind     text        NOT NULL CHECK (kind IN ('note', 'tag')),
  text     text        NOT NULL,
  at       timestamptz NOT NULL DEFAULT now(),
  by_id    text        NOT NULL,
  by_name  text        NOT NULL,
  CHECK (num_nonnulls(plate, event_id) = 1)
);
CREATE INDEX plate_notes_plate ON plate_notes (plate) WHERE plate IS NOT NULL;
CREATE INDEX plate_notes_event ON plate_notes (event_id) WHERE event_id IS NOT NULL;
CREATE UNIQUE INDEX plate_notes_tag ON plate_notes (coalesce(plate, event_id::text), text) WHERE kind = 'tag';

-- Searches under a name, each for whoever saved it.
CREATE TABLE saved_searches (
  id    uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  owner text        NOT NULL,
  name  text        NOT NULL,
  query jsonb       NOT NULL,
  at    timestamptz NOT NULL DEFAULT now(),
  UNIQUE (owner, name)
);

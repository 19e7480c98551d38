-- What people and programs did: one chain, in which each entry holds the hash of the one before. Entries are json, not
-- jsonb, because their text is what was hashed.
CREATE TABLE audit_entries (
  number     bigint      PRIMARY KEY,
  at         timestamptz NOT NULL,
  -- Keys of the plates that stand in it.
  plate_keys uuid[]      NOT NULL,
  hash       bytea       NOT NULL,
  entry      json        NOT NULL
);
CREATE INDEX audit_entries_time   ON audit_entries (at);
CREATE INDEX audit_entries_person ON audit_entries ((entry->'who'->>'id'), at);
CREATE INDEX audit_entries_name   ON audit_entries (lower(entry->'who'->>'name'), at);
CREATE INDEX audit_entries_plates ON audit_entries USING gin (plate_keys) WITH (fastupdate = off) WHERE plate_keys <> '{}';

-- The end of the chain. Whoever appends locks this row, so that several processes write one chain.
CREATE TABLE audit_head (
  one    boolean PRIMARY KEY DEFAULT true CHECK (one),
  number bigint  NOT NULL,
  hash   bytea   NOT NULL
);
INSERT INTO audit_head (number, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

-- A key for each plate that was asked for; without it nobody can read the plate in any entry.
CREATE TABLE audit_plate_keys (
  id         uuid  PRIMARY KEY,
  plate_hash bytea NOT NULL UNIQUE,
  wrapped    bytea NOT NULL
);

-- The keys in use so far: public keys that checkpoints are verified with, and a fingerprint of the one that wraps plates' keys.
CREATE TABLE audit_keys (
  fingerprint text        PRIMARY KEY,
  purpose     text        NOT NULL CHECK (purpose IN ('sign', 'plates')),
  public_key  text,
  since       timestamptz NOT NULL DEFAULT now()
);

-- Signed: at that time this was the hash of the entry with that number.
CREATE TABLE audit_checkpoints (
  number      bigint      PRIMARY KEY,
  at          timestamptz NOT NULL,
  hash        bytea       NOT NULL,
  fingerprint text        NOT NULL,
  signature   bytea       NOT NULL,
  -- What was found broken when it was signed.
  fault       text
);

-- What each person has used of the budget of a day.
CREATE TABLE audit_budgets (
  who           text    NOT NULL,
  day           date    NOT NULL,
  searches      integer NOT NULL DEFAULT 0,
  exported_rows integer NOT NULL DEFAULT 0,
  PRIMARY KEY (who, day)
);

-- What an auditor should look at. Of one kind, person and plate one is open at a time, and it counts on.
CREATE TABLE audit_alarms (
  id          uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  kind        text        NOT NULL,
  who         json,
  who_id      text        NOT NULL,
  plate_key   uuid,
  times       integer     NOT NULL,
  first_at    timestamptz NOT NULL,
  last_at     timestamptz NOT NULL,
  last_number bigint      NOT NULL,
  message     text        NOT NULL,
  seen_at     timestamptz,
  seen_by     text,
  note        text
);
CREATE UNIQUE INDEX audit_alarms_open ON audit_alarms (kind, who_id, plate_key) NULLS NOT DISTINCT WHERE seen_at IS NULL;
CREATE INDEX audit_alarms_time ON audit_alarms (last_at DESC, id DESC);

-- Up to which entry alarms were looked for.
CREATE TABLE audit_watch (
  one    boolean PRIMARY KEY DEFAULT true CHECK (one),
  number bigint  NOT NULL
);
INSERT INTO audit_watch (number) VALUES (0);

-- Why somebody looks things up, for browsers, which send no header with a picture or a stream.
CREATE TABLE session_purposes (
  session     text        PRIMARY KEY,
  purpose     text        NOT NULL,
  case_number text,
  said_at     timestamptz NOT NULL DEFAULT now()
);

-- People who may sign in. A password is kept as its argon2id hash alone.
CREATE TABLE user_accounts (
  id            uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  name          text        NOT NULL,
  role          text        NOT NULL CHECK (role IN ('admin', 'operator', 'viewer', 'auditor')),
  -- Null is everywhere.
  cameras       text[],
  sites         text[],
  password_hash text,
  language      text,
  time_zone     text,
  created_at    timestamptz NOT NULL DEFAULT now(),
  disabled_at   timestamptz,
  CHECK ((cameras IS NULL) = (sites IS NULL))
);
CREATE UNIQUE INDEX accounts_name ON user_accounts (lower(name));

-- Tokens of programs: the hash alone, because whoever reads this table must not be able to use them.
CREATE TABLE api_tokens (
  id           uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  hash         bytea       NOT NULL UNIQUE,
  -- What it was before it was rotated, and until when that still opens.
  former_hash  bytea       UNIQUE,
  former_until timestamptz,
  name         text        NOT NULL,
  permissions  text[]      NOT NULL,
  cameras      text[],
  sites        text[],
  created_at   timestamptz NOT NULL DEFAULT now(),
  created_by   uuid        REFERENCES user_accounts,
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  CHECK ((cameras IS NULL) = (sites IS NULL)),
  CHECK ((former_hash IS NULL) = (former_until IS NULL))
);

-- Whoever may see one site lists its newest events, however rare they are among all.
CREATE INDEX plate_events_site ON plate_events (site_id, detected_at DESC, event_id DESC);

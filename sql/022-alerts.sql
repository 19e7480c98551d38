-- Lists of plates, rules, channels, alerts, and what goes out to whom.

CREATE TABLE plate_lists (
  id     text        PRIMARY KEY,
  name   text        NOT NULL,
  note   text        NOT NULL DEFAULT '',
  colour text        NOT NULL DEFAULT '',
  at     timestamptz NOT NULL DEFAULT now()
);

-- Entries whose pattern has no ? or * are looked up by it, a batch of events at a time; the others are few and held by whoever matches.
CREATE TABLE plate_list_entries (
  list_id     text        NOT NULL REFERENCES plate_lists ON DELETE CASCADE,
  pattern     text        NOT NULL,
  is_wildcard boolean     NOT NULL GENERATED ALWAYS AS (pattern ~ '[?*]') STORED,
  name        text        NOT NULL DEFAULT '',
  note        text        NOT NULL DEFAULT '',
  group_name  text        NOT NULL DEFAULT '',
  colour      text        NOT NULL DEFAULT '',
  tags        text[]      NOT NULL DEFAULT '{}',
  valid_from  timestamptz,
  valid_until timestamptz,
  schedule    jsonb,
  PRIMARY KEY (pattern, list_id)
);
CREATE INDEX plate_list_entries_list ON plate_list_entries (list_id, pattern);
CREATE INDEX plate_list_entries_wildcard ON plate_list_entries (list_id, pattern) WHERE is_wildcard;
CREATE INDEX plate_list_entries_tags ON plate_list_entries USING gin (tags) WHERE tags <> '{}';

-- Rules of the page, and a copy of those of the file, which the service that read it keeps here: of the same id the file's counts.
CREATE TABLE alert_rules (
  origin     text        NOT NULL CHECK (origin IN ('page', 'file')),
  id         text        NOT NULL,
  rule       jsonb       NOT NULL,
  changed_by text        NOT NULL,
  at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, origin)
);

-- Channels, kept in the same way. What is secret in them is sealed with the key file.
CREATE TABLE alert_channels (
  origin     text        NOT NULL CHECK (origin IN ('page', 'file')),
  id         text        NOT NULL,
  channel    jsonb       NOT NULL,
  secrets    bytea,
  changed_by text        NOT NULL,
  at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, origin)
);

-- Counts up with each change of lists, rules and channels; and what is wrong with the file of rules, as a sentence.
CREATE TABLE alert_settings (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  revision   bigint  NOT NULL DEFAULT 0,
  rules_file text,
  file_error text
);
INSERT INTO alert_settings DEFAULT VALUES;

-- The newest revision of every alert. One rule and one passage have one row, whatever happens.
CREATE TABLE alerts (
  alert_id    uuid        PRIMARY KEY,
  revision    integer     NOT NULL,
  status      text        NOT NULL,
  rule_id     text        NOT NULL,
  severity    text        NOT NULL,
  event_id    uuid,
  plate       text,
  site_id     text,
  camera_id   text,
  -- When the passage began, or the state of the system.
  happened_at timestamptz NOT NULL,
  raised_at   timestamptz NOT NULL,
  held_back   text,
  alert       jsonb       NOT NULL,
  -- The revision that stands on the bus.
  published   integer     NOT NULL DEFAULT 0,
  -- What people did with it.
  acknowledged_at timestamptz,
  acknowledged_by text,
  note            text,
  was_right       boolean,
  verified_by     text,
  verified_at     timestamptz
);
CREATE INDEX alerts_happened ON alerts (happened_at DESC, alert_id DESC);
CREATE INDEX alerts_rule ON alerts (rule_id, happened_at DESC);
CREATE INDEX alerts_event ON alerts (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX alerts_plate ON alerts (plate, happened_at DESC) WHERE plate IS NOT NULL;
-- Cooldowns: what was sent before or after a passage.
CREATE INDEX alerts_sent ON alerts (rule_id, happened_at) WHERE held_back IS NULL AND status <> 'withdrawn';
-- States of the system that last.
CREATE INDEX alerts_lasting ON alerts (rule_id) WHERE event_id IS NULL AND status <> 'withdrawn';
CREATE INDEX alerts_unpublished ON alerts (alert_id) WHERE published < revision;

-- What people silenced: a rule, a plate, or a plate for one rule.
CREATE TABLE alert_mutes (
  id      uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  rule_id text,
  plate   text,
  until   timestamptz,
  by_name text        NOT NULL,
  at      timestamptz NOT NULL DEFAULT now(),
  CHECK (num_nonnulls(rule_id, plate) > 0)
);

-- The outbox: each thing that goes to a channel, and what came of it.
CREATE TABLE alert_deliveries (
  id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Names the message to the other side: the same however often it is sent.
  idempotency_key text        NOT NULL UNIQUE,
  channel_id      text        NOT NULL,
  -- Null where somebody only tries the channel.
  alert_id        uuid,
  alert_revision  integer,
  alert           jsonb       NOT NULL,
  state           text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dead', 'dropped')),
  attempts        integer     NOT NULL DEFAULT 0,
  -- Whether the other side may have it though nobody heard so: the connection broke, or the sender died.
  maybe_sent      boolean     NOT NULL DEFAULT false,
  created_at      timestamptz NOT NULL DEFAULT now(),
  -- When somebody sent it off again after it was dead.
  replayed_at     timestamptz,
  next_at         timestamptz NOT NULL DEFAULT now(),
  -- Who sends it now, until when.
  held_by         text,
  held_until      timestamptz,
  ended_at        timestamptz,
  -- To whom it went, and what the other side answered, for people.
  recipient       text,
  answer          text,
  -- What the channel needs to correct it later, such as the id of a message.
  reference       jsonb
);
CREATE INDEX alert_deliveries_waiting ON alert_deliveries (channel_id, id) WHERE state = 'waiting';
CREATE INDEX alert_deliveries_alert ON alert_deliveries (alert_id, channel_id);
CREATE INDEX alert_deliveries_log ON alert_deliveries (created_at DESC, id DESC);

-- Browsers that are told of alerts: what their push service needs, sealed with the key file.
CREATE TABLE push_subscriptions (
  endpoint   text        PRIMARY KEY,
  account_id uuid        NOT NULL REFERENCES user_accounts ON DELETE CASCADE,
  keys       bytea       NOT NULL,
  at         timestamptz NOT NULL DEFAULT now()
);

-- The one key that this installation shows to push services (VAPID). The private one is sealed.
CREATE TABLE push_key (
  one         boolean PRIMARY KEY DEFAULT true CHECK (one),
  public_key  text    NOT NULL,
  private_key bytea   NOT NULL
);

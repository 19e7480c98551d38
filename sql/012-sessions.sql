-- Where somebody is signed in: a browser by its cookie, a program by its refresh token. Both are kept as their SHA-256 alone.
CREATE TABLE account_sessions (
  id           uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  account_id   uuid        NOT NULL REFERENCES user_accounts ON DELETE CASCADE,
  kind         text        NOT NULL CHECK (kind IN ('page', 'program')),
  hash         bytea       NOT NULL UNIQUE,
  address      text        NOT NULL,
  user_agent   text        NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL DEFAULT now(),
  -- Whatever happens, it ends then.
  expires_at   timestamptz NOT NULL,
  ended_at     timestamptz
);
CREATE INDEX account_sessions_account ON account_sessions (account_id);

-- Refresh tokens that were exchanged: whoever shows one again has stolen it, or was stolen from.
CREATE TABLE spent_refresh_tokens (
  hash       bytea NOT NULL PRIMARY KEY,
  session_id uuid  NOT NULL REFERENCES account_sessions ON DELETE CASCADE
);
CREATE INDEX spent_refresh_tokens_session ON spent_refresh_tokens (session_id);

-- One-time links: to the first account (no account_id), or to a new password for one that exists.
CREATE TABLE account_links (
  hash       bytea       NOT NULL PRIMARY KEY,
  account_id uuid        REFERENCES user_accounts ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);

-- How often somebody failed to sign in, by account, address or known browser. The key is a hash: what is typed as a name may be a password.
CREATE TABLE sign_in_attempts (
  key      bytea       NOT NULL PRIMARY KEY,
  failures integer     NOT NULL,
  last_at  timestamptz NOT NULL,
  -- Nothing is tried before.
  not_before timestamptz NOT NULL
);

-- The second factor. Secrets are encrypted with the key file of the data folder.
ALTER TABLE user_accounts
  ADD COLUMN totp_secret  bytea,
  ADD COLUMN totp_pending bytea,
  -- The period of the last code that was used; a code works once.
  ADD COLUMN totp_period  bigint;
CREATE TABLE account_recovery_codes (
  hash       bytea NOT NULL PRIMARY KEY,
  account_id uuid  NOT NULL REFERENCES user_accounts ON DELETE CASCADE
);

-- Who somebody is to a provider of OpenID Connect.
CREATE TABLE account_identities (
  issuer     text NOT NULL,
  subject    text NOT NULL,
  account_id uuid NOT NULL REFERENCES user_accounts ON DELETE CASCADE,
  PRIMARY KEY (issuer, subject)
);

-- Keys that sign the tokens of programs; the private half is encrypted with the key file.
CREATE TABLE token_signing_keys (
  kid         text        NOT NULL PRIMARY KEY,
  public_key  jsonb       NOT NULL,
  private_key bytea       NOT NULL,
  -- Which key file opens it.
  sealed_by   text        NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);

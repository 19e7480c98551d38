-- Where a vehicle passed, in the words of whoever drew the lines and zones; null where it passed none.
ALTER TABLE plate_events ADD COLUMN directions text[], ADD COLUMN zones text[];

-- Cameras that were added on the page. Passwords, and addresses that have one, are sealed with the key file.
CREATE TABLE page_cameras (
  id         text        PRIMARY KEY,
  site       text        NOT NULL,
  -- A removed one stays until the edges have been told.
  state      text        NOT NULL CHECK (state IN ('running', 'paused', 'removed')),
  -- Counts up, also where a camera is removed and added again; edges follow the highest.
  revision   bigint      NOT NULL,
  settings   jsonb       NOT NULL,
  secrets    text,
  told       boolean     NOT NULL DEFAULT false,
  changed_at timestamptz NOT NULL DEFAULT now()
);

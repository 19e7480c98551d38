-- What people and programs did, in order.
CREATE TABLE audit_entries (
  number bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at     timestamptz NOT NULL,
  entry  jsonb       NOT NULL
);

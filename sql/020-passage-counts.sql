-- Passages of each camera and hour by what became of them, as the processes with cameras report them. A report has what a process
-- counted since it began; a row keeps that count at the beginning and at the end of an hour, so that a report may come
-- twice, late or not at all.
CREATE TABLE passage_counts (
  site_id   text        NOT NULL,
  camera_id text        NOT NULL,
  -- read, or lost with the reason.
  outcome   text        NOT NULL,
  reason    text        NOT NULL,
  -- The process, from its start to its end.
  run       text        NOT NULL,
  hour      timestamptz NOT NULL,
  before    bigint      NOT NULL,
  total     bigint      NOT NULL,
  PRIMARY KEY (run, site_id, camera_id, outcome, reason, hour)
);
CREATE INDEX passage_counts_hour ON passage_counts (hour);

CREATE VIEW passages_per_camera_hour AS
  SELECT site_id, camera_id, hour, outcome, reason, sum(total - before)::bigint AS passages
  FROM passage_counts
  GROUP BY site_id, camera_id, hour, outcome, reason;

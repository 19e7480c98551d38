-- The light of each passage, by its pictures: day, night, or nothing where nobody said. And vehicles that went by without any
-- plate seen (outcome no_plate).
ALTER TABLE passage_counts ADD COLUMN light text NOT NULL DEFAULT '';
ALTER TABLE passage_counts DROP CONSTRAINT passage_counts_pkey,
  ADD PRIMARY KEY (run, site_id, camera_id, outcome, reason, light, hour);

-- One camera, and the cameras that there are.
CREATE INDEX passage_counts_camera ON passage_counts (camera_id, site_id, hour);

CREATE VIEW vehicles_per_camera_hour AS
  SELECT site_id, camera_id, hour, outcome, reason, light, sum(total - before)::bigint AS vehicles
  FROM passage_counts
  GROUP BY site_id, camera_id, hour, outcome, reason, light;

-- A passage is that of a plate, as before.
CREATE OR REPLACE VIEW passages_per_camera_hour AS
  SELECT site_id, camera_id, hour, outcome, reason, sum(total - before)::bigint AS passages
  FROM passage_counts
  WHERE outcome <> 'no_plate'
  GROUP BY site_id, camera_id, hour, outcome, reason;

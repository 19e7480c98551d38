-- How the reads of each camera's newest day differ from those of its own 14 days before, as upkeep measured it last. The newest of
-- each camera and quantity only; a camera of which too little is known has no row.
CREATE TABLE camera_drift (
  site_id      text        NOT NULL,
  camera_id    text        NOT NULL,
  -- confidence, region, sharpness or char_height.
  what         text        NOT NULL,
  at           timestamptz NOT NULL,
  reads        integer     NOT NULL,
  reads_before integer     NOT NULL,
  psi          float8      NOT NULL,
  -- Means; null of a region.
  now          float8,
  before       float8,
  -- Shares of the reads in each part of the range: [{"low", "high", "region", "now", "before"}].
  bins         json        NOT NULL,
  PRIMARY KEY (camera_id, site_id, what)
);

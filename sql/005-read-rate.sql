-- Of the frames in which a plate was read, the share whose reading agreed with the text that was chosen in the end: what
-- falls when a camera gets dirty, dark or moved. The same text over partitions and continuous aggregates.
CREATE VIEW read_rate_per_camera_day AS
  SELECT site_id, camera_id, date_bin('1 day', hour, '2000-01-01 00:00+00') AS day,
    sum(reads)::bigint AS reads, sum(frames_read)::bigint AS frames_read, sum(reads_agreeing)::bigint AS reads_agreeing,
    sum(reads_agreeing)::float8 / nullif(sum(frames_read), 0) AS read_rate,
    sum(mean_confidence * reads) / nullif(sum(reads), 0) AS mean_confidence
  FROM reads_per_camera_hour
  GROUP BY 1, 2, 3;

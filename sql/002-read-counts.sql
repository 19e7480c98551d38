-- How many frames of a passage were read and how many readings agreed: columns, so that statistics need not take the
-- events apart.
ALTER TABLE plate_events ADD COLUMN frames_read integer, ADD COLUMN reads_agreeing integer;
UPDATE plate_events
  SET frames_read = (event->>'frames_read')::integer, reads_agreeing = (event->>'reads_agreeing')::integer;

-- Where a vehicle passed, in the words of whoever drew the lines and zones; null where it passed none.
ALTER TABLE plate_events ADD COLUMN directions text[], ADD COLUMN zones text[];

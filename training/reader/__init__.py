"""Training of the reader: batches and losses."""

-- Texts by how they begin and how they end, with all that a search for near texts asks of them: of two edits one half of a
-- text has at most one, so that few texts come up, however many there are, and none is read from the table.
CREATE INDEX plate_texts_begin ON plate_texts (folded text_pattern_ops) INCLUDE (text);
CREATE INDEX plate_texts_end   ON plate_texts (reverse(folded) text_pattern_ops) INCLUDE (folded, text);

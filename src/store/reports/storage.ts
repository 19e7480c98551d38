import type { Question } from './question.ts';

/** Rows, which the server estimates, and bytes with all indexes; parts of a table count for it. Of the whole system. */
export const storage: Question = () => `
WITH RECURSIVE parts AS (
  SELECT pg_class.oid, relname AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE relkind IN ('r', 'p', 'm') AND nspname IN ('public', '_timescaledb_internal')
    AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = pg_class.oid)
  UNION ALL
  SELECT inhrelid, parts.name FROM parts JOIN pg_inherits ON inhparent = parts.oid
)
SELECT name, sum(CASE WHEN relkind = 'p' THEN 0 ELSE greatest(reltuples, 0) END)::bigint AS rows,
  sum(pg_total_relation_size(pg_class.oid))::bigint AS bytes
FROM parts JOIN pg_class USING (oid)
GROUP BY name ORDER BY bytes DESC, name`;

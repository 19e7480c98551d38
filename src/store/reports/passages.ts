import { dayOf, type Question, within } from './question.ts';

/** Of the passages whose plate was seen, the share that was read. */
export const readRate: Question = (given) => `
SELECT ${dayOf('hour', given)} AS day,
  coalesce(sum(total - before) FILTER (WHERE outcome = 'read'), 0)::bigint AS read,
  coalesce(sum(total - before) FILTER (WHERE outcome = 'lost'), 0)::bigint AS lost,
  round(coalesce(sum(total - before) FILTER (WHERE outcome = 'read'), 0) / sum(total - before), 4)::float8 AS read_rate
FROM passage_counts
WHERE outcome IN ('read', 'lost') AND ${within('hour', given)} AND ${given.place}
GROUP BY 1 HAVING sum(total - before) > 0 ORDER BY 1`;

export const lostByReason: Question = (given) => `
SELECT reason, sum(total - before)::bigint AS lost,
  round(sum(total - before) / sum(sum(total - before)) OVER (), 4)::float8 AS share
FROM passage_counts
WHERE outcome = 'lost' AND total > before AND ${within('hour', given)} AND ${given.place}
GROUP BY reason ORDER BY lost DESC, reason`;

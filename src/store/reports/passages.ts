import { dayOf, type Question, within } from './question.ts';

/** Of the passages whose plate was seen, the share that was read. */
export const readRate: Question = (given) => `
SELECT ${dayOf('hour', given)} AS day,
  coalesce(sum(passages) FILTER (WHERE outcome = 'read'), 0)::bigint AS read,
  coalesce(sum(passages) FILTER (WHERE outcome = 'lost'), 0)::bigint AS lost,
  round(coalesce(sum(passages) FILTER (WHERE outcome = 'read'), 0) / sum(passages), 4)::float8 AS read_rate
FROM passages_per_camera_hour
WHERE outcome IN ('read', 'lost') AND ${within('hour', given)} AND ${given.place}
GROUP BY 1 HAVING sum(passages) > 0 ORDER BY 1`;

export const lostByReason: Question = (given) => `
SELECT reason, sum(passages)::bigint AS lost, round(sum(passages) / sum(sum(passages)) OVER (), 4)::float8 AS share
FROM passages_per_camera_hour
WHERE outcome = 'lost' AND passages > 0 AND ${within('hour', given)} AND ${given.place}
GROUP BY reason ORDER BY lost DESC, reason`;

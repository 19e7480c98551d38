import { type Question, within } from './question.ts';

/** Precision: of the alerts that people judged, the share that was right. */
export const alertsByRule: Question = (given) => `
SELECT rule_id AS rule, count(*) AS alerts, count(*) FILTER (WHERE status = 'withdrawn') AS withdrawn,
  count(*) FILTER (WHERE was_held_back) AS held_back,
  count(*) FILTER (WHERE was_right) AS right_alerts, count(*) FILTER (WHERE NOT was_right) AS wrong_alerts,
  round(count(*) FILTER (WHERE was_right)::numeric / nullif(count(was_right), 0), 4)::float8 AS precision
FROM report_alerts
WHERE ${within('happened_at', given)} AND ${given.place}
GROUP BY 1 ORDER BY alerts DESC, 1`;

export const deliveries: Question = (given) => `
SELECT channel_id AS channel, state AS outcome, count(*) AS messages, sum(attempts)::bigint AS attempts,
  round((percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - created_at)))::numeric, 1)::float8
    AS median_seconds
FROM report_deliveries
WHERE ${within('created_at', given)} AND ${given.place}
GROUP BY 1, 2 ORDER BY 1, 2`;

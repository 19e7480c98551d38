import { type Board, graph, number, sql, table } from '../panel.ts';
import { askReport, DAY, drawReport } from '../reports.ts';
import { PLACE, SPAN } from '../sql.ts';

export const business: Board = {
  uid: 'alpr-business',
  title: 'ALPR · Business',
  text: 'What the reads say of traffic, visits, alerts and the work of people. The questions are those of the reports.',
  from: 'now-30d',
  rows: [
    {
      title: 'The time that is shown',
      panels: [
        number({
          title: 'Reads',
          text: 'Reads of the chosen cameras.',
          unit: 'count',
          queries: [
            sql(`
SELECT coalesce(sum(reads), 0)::float8 AS reads FROM reads_per_camera_hour WHERE ${SPAN('hour')} AND ${PLACE}`),
          ],
        }),
        number({
          title: 'Plates',
          text: 'Different plates among the reads.',
          unit: 'count',
          queries: [
            sql(`
SELECT count(DISTINCT plate)::float8 AS plates FROM report_plates WHERE ${SPAN('detected_at')} AND ${PLACE}`),
          ],
        }),
        number({
          title: 'Read rate',
          text: 'Share of the vehicles with a plate that were read.',
          unit: 'ratio',
          queries: [
            sql(`
SELECT coalesce(sum(passages) FILTER (WHERE outcome = 'read'), 0)::float8 / nullif(sum(passages), 0)::float8 AS rate
FROM passages_per_camera_hour WHERE outcome IN ('read', 'lost') AND ${SPAN('hour')} AND ${PLACE}`),
          ],
          limits: { warn: 0.9, bad: 0.8 },
          whenEmpty: 'no vehicles',
        }),
        number({
          title: 'Alerts that were right',
          text: 'Share of the alerts that people judged which were right.',
          unit: 'ratio',
          queries: [
            sql(`
SELECT (count(*) FILTER (WHERE was_right))::float8 / nullif(count(was_right), 0) AS precision
FROM report_alerts WHERE ${SPAN('happened_at')} AND ${PLACE}`),
          ],
          limits: { warn: 0.9, bad: 0.7 },
          whenEmpty: 'no alert was judged',
        }),
      ],
    },
    {
      title: 'Traffic',
      panels: [
        graph({
          title: 'Reads by hour',
          text: 'Reads of each hour.',
          unit: 'count',
          queries: [drawReport('reads-by-hour', 'hour AS time, reads')],
        }),
        graph({
          title: 'Reads by day and camera',
          text: 'Reads of each day, by camera.',
          unit: 'count',
          queries: [drawReport('reads-by-day', `${DAY}, camera AS metric, reads`)],
          stacked: true,
          whenEmpty: 'no reads',
        }),
        graph({
          title: 'Read rate by day',
          text: 'Share of the vehicles with a plate that were read.',
          unit: 'ratio',
          queries: [drawReport('read-rate', `${DAY}, read_rate AS "read rate"`)],
          whenEmpty: 'no vehicles',
        }),
        table({
          title: 'Lost by reason',
          text: 'Why plates that were seen were not read.',
          unit: 'count',
          queries: [askReport('lost-by-reason')],
          columns: { share: 'ratio' },
          whenEmpty: 'nothing was lost',
        }),
        table({
          title: 'Regions and vehicles',
          text: 'Reads by the region of the plate and the class of the vehicle.',
          unit: 'count',
          queries: [askReport('classes')],
          columns: { share: 'ratio' },
          whenEmpty: 'no reads',
        }),
        graph({
          title: 'Reads with pictures',
          text: 'Reads of each day, and those of them whose pictures are kept.',
          unit: 'count',
          queries: [drawReport('pictures', `${DAY}, reads, with_pictures AS "with pictures"`)],
          whenEmpty: 'no reads',
        }),
      ],
    },
    {
      title: 'Plates and visits',
      panels: [
        table({
          title: 'Most frequent plates',
          text: 'The fifty plates that were read most often, on how many days and by how many cameras.',
          unit: 'count',
          queries: [askReport('top-plates')],
          whenEmpty: 'no reads',
        }),
        graph({
          title: 'New and returning plates',
          text: 'Plates of each day, by whether they were seen before.',
          unit: 'count',
          queries: [drawReport('new-and-returning', `${DAY}, new_plates AS new, returning_plates AS returning`)],
          stacked: true,
          whenEmpty: 'no reads',
        }),
        graph({
          title: 'Visits',
          text: 'Visits that began on each day, and those of them whose end was seen.',
          unit: 'count',
          queries: [drawReport('visits', `${DAY}, visits, ended`)],
          whenEmpty: 'no visits',
        }),
        graph({
          title: 'Length of visits',
          text: 'Median and longest visit of each day.',
          unit: 'minutes',
          queries: [drawReport('visits', `${DAY}, median_minutes AS half, longest_minutes AS longest`)],
          whenEmpty: 'no visits',
        }),
      ],
    },
    {
      title: 'Alerts and people',
      panels: [
        table({
          title: 'Alerts by rule',
          text: 'Alerts of each rule, and how often people called them right.',
          unit: 'count',
          queries: [askReport('alerts')],
          columns: { precision: 'ratio' },
          whenEmpty: 'no alerts',
        }),
        table({
          title: 'Messages by channel',
          text: 'Messages of each channel by what became of them, with the time until they were there.',
          unit: 'count',
          queries: [askReport('deliveries')],
          columns: { median_seconds: 'age' },
          whenEmpty: 'no messages',
        }),
        table({
          title: 'Corrections',
          text: 'Reads of each camera that people looked at, and what they decided.',
          unit: 'count',
          queries: [askReport('corrections')],
          columns: { corrected_share: 'ratio' },
          whenEmpty: 'no reads',
        }),
      ],
    },
  ],
};

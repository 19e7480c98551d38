import { type Board, graph, heatmap, number, prom, sql, table, traceList, traceql } from '../panel.ts';
import { buckets, CAMERA, orZero, perMinute, perSecond, quantiles, SITE } from '../promql.ts';
import { DAY, PLACE, SPAN } from '../sql.ts';

const REVISED = `sum(rate(alpr_events_total{${CAMERA},status=~"corrected|retracted"}[$__rate_interval]))`;

export const recognition: Board = {
  uid: 'alpr-recognition',
  title: 'ALPR · Recognition and models',
  text: 'Which models read, how fast, how sure they are, and how often people disagree.',
  from: 'now-24h',
  rows: [
    {
      title: 'Now',
      panels: [
        number({
          title: 'Mean confidence',
          text: 'Mean confidence of the reads of the last 24 hours, over all cameras.',
          unit: 'ratio',
          queries: [prom(`avg(alpr_camera_confidence_mean{${CAMERA}})`)],
          whenEmpty: 'no reads',
        }),
        number({
          title: 'Doubtful reads',
          text: 'Share of the reads of the last 24 hours that are in doubt, over all cameras.',
          unit: 'ratio',
          queries: [prom(`avg(alpr_camera_doubtful_ratio{${CAMERA}})`)],
          whenEmpty: 'no reads',
        }),
        number({
          title: 'Corrected by people',
          text: 'Share of the reads of the last 14 days that people corrected or retracted, over all cameras.',
          unit: 'ratio',
          queries: [prom(`avg(alpr_camera_corrected_ratio{${CAMERA}})`)],
          whenEmpty: 'no reads',
        }),
        number({
          title: 'Revised',
          text: 'Share of the event revisions that corrected or retracted an earlier one.',
          unit: 'ratio',
          queries: [prom(orZero(`${REVISED} / (sum(rate(alpr_events_total{${CAMERA}}[$__rate_interval])) > 0)`))],
        }),
        number({
          title: 'Frames skipped',
          text: 'Share of the frames in which nothing moved, so that no model looked at them.',
          unit: 'ratio',
          queries: [
            prom(
              orZero(
                `sum(rate(alpr_frames_total{${CAMERA},outcome="skipped"}[$__rate_interval])) / (sum(rate(alpr_frames_total{${CAMERA}}[$__rate_interval])) > 0)`,
              ),
            ),
          ],
        }),
      ],
    },
    {
      title: 'Models',
      panels: [
        table({
          title: 'Models',
          text: 'Which models run, of which kind, on what, and in how many processes.',
          unit: 'count',
          queries: [prom(`count by (kind, model, provider) (alpr_model_info{${SITE}})`, 'processes')],
          labels: ['kind', 'model', 'provider'],
        }),
        graph({
          title: 'Detector',
          text: 'Time of one run of the detector, for half, 95 % and 99 %.',
          unit: 'seconds',
          queries: quantiles({ metric: 'alpr_stage_seconds', where: `${SITE},stage="detect"` }),
        }),
        graph({
          title: 'Reader',
          text: 'Time of one run of the reader, for half, 95 % and 99 %.',
          unit: 'seconds',
          queries: quantiles({ metric: 'alpr_stage_seconds', where: `${SITE},stage="read"` }),
        }),
        graph({
          title: 'Runs',
          text: 'Runs of detector and reader.',
          unit: 'perSecond',
          queries: [
            prom(
              perSecond({ metric: 'alpr_stage_seconds_count', where: `${SITE},stage=~"detect|read"`, by: 'stage' }),
              '{{stage}}',
            ),
          ],
        }),
        heatmap({
          title: 'Fusion',
          text: 'How long it took to make one sighting of all looks at a passage.',
          queries: [buckets({ metric: 'alpr_stage_seconds', where: `${SITE},stage="fuse"` })],
        }),
      ],
    },
    {
      title: 'Reads',
      panels: [
        graph({
          title: 'Event revisions by status',
          text: 'Revisions of events: provisional while the vehicle passes, final, corrected or retracted later.',
          unit: 'perMinute',
          queries: [prom(perMinute({ metric: 'alpr_events_total', where: CAMERA, by: 'status' }), '{{status}}')],
          stacked: true,
        }),
        graph({
          title: 'Frames that agree',
          text: 'Of the frames in which a plate was read, the share that agreed with the final text, by day.',
          unit: 'ratio',
          queries: [
            sql(`
SELECT ${DAY('hour')} AS time, sum(reads_agreeing)::float8 / nullif(sum(frames_read), 0) AS "agreeing frames"
FROM reads_per_camera_hour WHERE ${SPAN('hour')} AND ${PLACE} GROUP BY 1 ORDER BY 1`),
          ],
          whenEmpty: 'no reads',
        }),
        graph({
          title: 'Confidence by day',
          text: 'Mean confidence of the reads of each camera, by day.',
          unit: 'ratio',
          queries: [
            sql(`
SELECT ${DAY('hour')} AS time, camera_id AS metric, sum(mean_confidence * reads) / nullif(sum(reads), 0) AS confidence
FROM reads_per_camera_hour WHERE ${SPAN('hour')} AND ${PLACE} GROUP BY 1, 2 ORDER BY 1`),
          ],
          whenEmpty: 'no reads',
        }),
        traceList({
          title: 'Slow passages',
          text: 'Newest traces whose passage took longer than ten seconds from its first frame to its row.',
          queries: [traceql('{ resource.service.namespace = "ovr-alpr" && name = "passage" && duration > 10s }')],
          whenEmpty: 'no slow passages',
        }),
      ],
    },
  ],
};

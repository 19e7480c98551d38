import { type Board, graph, heatmap, number, prom } from '../panel.ts';
import { buckets, CAMERA, orZero, perMinute, perSecond, quantile, SITE, total } from '../promql.ts';

const STAGES = 'detect|track|read|fuse|pictures|spool|publish';

export const edge: Board = {
  uid: 'alpr-edge',
  title: 'ALPR · Edge pipeline',
  text: 'From the frame of a camera to the event that leaves the edge.',
  from: 'now-3h',
  rows: [
    {
      title: 'Cameras',
      panels: [
        number({
          title: 'Cameras without frames',
          text: 'Cameras that deliver no frames now.',
          unit: 'count',
          queries: [prom(orZero(`count(alpr_camera_up{${CAMERA}} == 0)`))],
          limits: { warn: 1, bad: 2 },
          runbook: 'AlprCameraDown',
        }),
        number({
          title: 'Frames processed',
          text: 'Frames of all cameras in which plates were looked for.',
          unit: 'perSecond',
          queries: [prom(perSecond({ metric: 'alpr_frames_total', where: `${CAMERA},outcome="processed"` }))],
        }),
        number({
          title: 'Frames dropped',
          text: 'Share of the frames that came too late to be looked at: the machine is too slow.',
          unit: 'ratio',
          queries: [
            prom(
              orZero(
                `sum(rate(alpr_frames_total{${CAMERA},outcome=~"dropped_.*"}[$__rate_interval])) / (sum(rate(alpr_frames_total{${CAMERA}}[$__rate_interval])) > 0)`,
              ),
            ),
          ],
          limits: { warn: 0.05, bad: 0.2 },
          runbook: 'AlprFramesDropped',
        }),
        number({
          title: 'Events in spools',
          text: 'Events that the bus has not yet acknowledged.',
          unit: 'count',
          queries: [prom(`sum(alpr_spool_entries{${SITE}})`)],
          limits: { warn: 100, bad: 10_000 },
          runbook: 'AlprSpoolGrows',
        }),
        number({
          title: 'Size of spools',
          text: 'Size of the files of all spools.',
          unit: 'bytes',
          queries: [prom(`sum(alpr_spool_bytes{${SITE}})`)],
          runbook: 'AlprSpoolGrows',
        }),
        number({
          title: 'Events lost',
          text: 'Events that edges gave up, since their processes began.',
          unit: 'count',
          queries: [prom(total({ metric: 'alpr_events_given_up_total' }))],
          limits: { warn: 1, bad: 1 },
          runbook: 'AlprEventsLost',
        }),
      ],
    },
    {
      title: 'Frames and passages',
      panels: [
        graph({
          title: 'Frames by what became of them',
          text: 'Frames that were processed, skipped because nothing moved, dropped, or could not be decoded.',
          unit: 'perSecond',
          queries: [prom(perSecond({ metric: 'alpr_frames_total', where: CAMERA, by: 'outcome' }), '{{outcome}}')],
          stacked: true,
        }),
        graph({
          title: 'Frames processed by camera',
          text: 'Frames of each camera in which plates were looked for.',
          unit: 'perSecond',
          queries: [
            prom(
              perSecond({ metric: 'alpr_frames_total', where: `${CAMERA},outcome="processed"`, by: 'site, camera' }),
              '{{site}} {{camera}}',
            ),
          ],
        }),
        graph({
          title: 'Passages by what became of them',
          text: 'Vehicles that went by, by whether their plate was read, lost, or never seen.',
          unit: 'perMinute',
          queries: [prom(perMinute({ metric: 'alpr_passages_total', where: CAMERA, by: 'outcome' }), '{{outcome}}')],
          stacked: true,
        }),
        graph({
          title: 'Lost passages by reason',
          text: 'Why plates that were seen were not read.',
          unit: 'perMinute',
          queries: [
            prom(
              orZero(perMinute({ metric: 'alpr_passages_total', where: `${CAMERA},outcome="lost"`, by: 'reason' })),
              '{{reason}}',
            ),
          ],
          stacked: true,
        }),
        graph({
          title: 'Cameras opened again',
          text: 'Times that streams had to be opened again, since the processes began.',
          unit: 'count',
          queries: [
            prom(
              total({ metric: 'alpr_camera_restarts_total', where: CAMERA, by: 'site, camera' }),
              '{{site}} {{camera}}',
            ),
          ],
          runbook: 'AlprCameraDown',
        }),
        graph({
          title: 'Event revisions by status',
          text: 'Revisions of events that were spooled: provisional, final, corrected or retracted.',
          unit: 'perMinute',
          queries: [prom(perMinute({ metric: 'alpr_events_total', where: CAMERA, by: 'status' }), '{{status}}')],
        }),
      ],
    },
    {
      title: 'Stages',
      panels: [
        graph({
          title: 'Stages, 95 %',
          text: 'Time within which 95 % of the runs of each stage at the edge ended.',
          unit: 'seconds',
          queries: [
            prom(
              quantile(0.95, { metric: 'alpr_stage_seconds', where: `${SITE},stage=~"${STAGES}"`, by: 'stage' }),
              '{{stage}}',
              { exemplars: true },
            ),
          ],
        }),
        graph({
          title: 'Processor time by stage',
          text: 'How much of each second a stage was at work.',
          unit: 'cores',
          queries: [
            prom(
              perSecond({ metric: 'alpr_stage_seconds_sum', where: `${SITE},stage=~"${STAGES}"`, by: 'stage' }),
              '{{stage}}',
            ),
          ],
          stacked: true,
        }),
        heatmap({
          title: 'Detection',
          text: 'How long the detector took for a frame.',
          queries: [buckets({ metric: 'alpr_stage_seconds', where: `${SITE},stage="detect"` })],
        }),
        heatmap({
          title: 'Reading',
          text: 'How long it took to read the plates of a frame.',
          queries: [buckets({ metric: 'alpr_stage_seconds', where: `${SITE},stage="read"` })],
        }),
      ],
    },
    {
      title: 'Spool and pictures',
      panels: [
        graph({
          title: 'Events in spools by process',
          text: 'Events that the bus has not yet acknowledged, for each edge.',
          unit: 'count',
          queries: [prom(`sum by (site, instance) (alpr_spool_entries{${SITE}})`, '{{site}} {{instance}}')],
          runbook: 'AlprSpoolGrows',
        }),
        graph({
          title: 'Events without pictures',
          text: 'Events whose pictures were not stored, by reason, since the processes began.',
          unit: 'count',
          queries: [prom(total({ metric: 'alpr_pictures_failed_total', where: CAMERA, by: 'reason' }), '{{reason}}')],
          runbook: 'AlprPicturesLost',
        }),
        graph({
          title: 'Events refused by the broker',
          text: 'Events that lie aside at edges because the broker refused them for good.',
          unit: 'count',
          queries: [prom(orZero(`sum(alpr_events_aside{${SITE}})`), 'lie aside')],
          runbook: 'AlprEventsRefused',
        }),
      ],
    },
  ],
};

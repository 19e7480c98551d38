import { type Board, graph, number, prom, table } from '../panel.ts';
import { CAMERA, orZero, perMinute } from '../promql.ts';

const byCamera = (metric: string) => `max by (site, camera) (${metric}{${CAMERA}})`;
const NAME = '{{site}} {{camera}}';

/** Share of the vehicles with a plate that were read, with further labels on passages of the last 24 hours. */
function readRate(where: string, by: string): string {
  const sum = (outcome: string) => `sum by (${by}) (alpr_camera_passages{${CAMERA}${where},outcome=~"${outcome}"})`;
  return `${sum('read')} / (${sum('read|lost')} > 0)`;
}

export const cameras: Board = {
  uid: 'alpr-cameras',
  title: 'ALPR · Camera quality',
  text: 'Whether each camera reads as well as it usually does, and why not. Figures come from the database and outlive restarts.',
  from: 'now-7d',
  rows: [
    {
      title: 'Now',
      panels: [
        number({
          title: 'Cameras worse than usual',
          text: 'Cameras whose read rate of six hours is below 80 % of their median of 14 days.',
          unit: 'count',
          queries: [
            prom(
              orZero(
                `count(${byCamera('alpr_camera_read_ratio')} < 0.8 * ${byCamera('alpr_camera_read_ratio_usual')})`,
              ),
            ),
          ],
          limits: { warn: 1, bad: 2 },
          runbook: 'AlprCameraReadsLess',
        }),
        number({
          title: 'Worst camera',
          text: 'Lowest read rate of six hours of all cameras.',
          unit: 'ratio',
          queries: [prom(`bottomk(1, ${byCamera('alpr_camera_read_ratio')})`, NAME)],
          limits: { warn: 0.9, bad: 0.8 },
          whenEmpty: 'no vehicles',
          runbook: 'AlprCameraReadsLess',
        }),
        number({
          title: 'Vehicles without a plate',
          text: 'Share of the vehicles of the last 24 hours of which no plate was ever seen.',
          unit: 'ratio',
          queries: [
            prom(
              orZero(
                `sum(alpr_camera_passages{${CAMERA},outcome="no_plate"}) / (sum(alpr_camera_passages{${CAMERA}}) > 0)`,
              ),
            ),
          ],
          limits: { warn: 0.2, bad: 0.5 },
          runbook: 'AlprCameraSeesNothing',
        }),
        number({
          title: 'Longest silence',
          text: 'Time since the newest event of the camera that has been silent for longest.',
          unit: 'age',
          queries: [prom(`max(time() - ${byCamera('alpr_camera_newest_event_timestamp_seconds')})`)],
          whenEmpty: 'no events yet',
        }),
        number({
          title: 'Clock furthest off',
          text: 'Largest difference between the clock of an edge and that of the database.',
          unit: 'offset',
          queries: [prom(`max(abs(${byCamera('alpr_camera_clock_offset_seconds')}))`)],
          limits: { warn: 1, bad: 10 },
          whenEmpty: 'no events yet',
          runbook: 'AlprCameraClockWrong',
        }),
      ],
    },
    {
      title: 'Read rate',
      panels: [
        graph({
          title: 'Read rate',
          text: 'Share of the vehicles with a plate that were read within six hours.',
          unit: 'ratio',
          queries: [prom(byCamera('alpr_camera_read_ratio'), NAME)],
          whenEmpty: 'no vehicles',
          runbook: 'AlprCameraReadsLess',
        }),
        graph({
          title: 'Read rate against the usual',
          text: 'Read rate of six hours as a share of the median of the 14 days before; below 80 % the alarm fires.',
          unit: 'ofUsual',
          queries: [
            prom(`${byCamera('alpr_camera_read_ratio')} / (${byCamera('alpr_camera_read_ratio_usual')} > 0)`, NAME),
          ],
          limits: { warn: 0.9, bad: 0.8 },
          whenEmpty: 'no days to compare with',
          runbook: 'AlprCameraReadsLess',
        }),
        graph({
          title: 'By day and by night',
          text: 'Read rate of the last 24 hours by the light in the picture.',
          unit: 'ratio',
          queries: [prom(readRate('', 'camera, light'), '{{camera}} {{light}}')],
          whenEmpty: 'no vehicles',
        }),
        graph({
          title: 'Lost by reason',
          text: 'Plates of the last 24 hours that were seen and not read, by reason.',
          unit: 'count',
          queries: [prom(orZero(`sum by (reason) (alpr_camera_passages{${CAMERA},outcome="lost"})`), '{{reason}}')],
          stacked: true,
        }),
        graph({
          title: 'Vehicles, plates, reads',
          text: 'Vehicles seen, plates seen and plates read, each minute.',
          unit: 'perMinute',
          queries: [
            prom(perMinute({ metric: 'alpr_passages_total', where: CAMERA }), 'vehicles'),
            prom(perMinute({ metric: 'alpr_passages_total', where: `${CAMERA},outcome=~"read|lost"` }), 'plates'),
            prom(perMinute({ metric: 'alpr_passages_total', where: `${CAMERA},outcome="read"` }), 'reads'),
          ],
        }),
        graph({
          title: 'Height of characters',
          text: 'Median height of the characters in the pictures; below 16 pixels reading gets uncertain.',
          unit: 'pixels',
          queries: [prom(byCamera('alpr_camera_char_height_pixels'), NAME)],
          whenEmpty: 'no reads',
        }),
        graph({
          title: 'Drift',
          text: 'How far the newest day differs from the 14 days before, in confidence, region, sharpness or height of characters; from 0.25 on the alarm fires.',
          unit: 'count',
          queries: [prom(`max by (site, camera, what) (alpr_camera_drift_ratio{${CAMERA}})`, '{{camera}} {{what}}')],
          limits: { warn: 0.1, bad: 0.25 },
          whenEmpty: 'fewer than 100 reads a day',
          runbook: 'AlprCameraDrifted',
        }),
      ],
    },
    {
      title: 'Confidence',
      panels: [
        graph({
          title: 'Mean confidence',
          text: 'Mean confidence of the reads of the last 24 hours.',
          unit: 'ratio',
          queries: [prom(byCamera('alpr_camera_confidence_mean'), NAME)],
          whenEmpty: 'no reads',
        }),
        graph({
          title: 'Doubtful reads',
          text: 'Share of the reads of the last 24 hours that are in doubt and wait for a person, or were decided by one.',
          unit: 'ratio',
          queries: [prom(byCamera('alpr_camera_doubtful_ratio'), NAME)],
          whenEmpty: 'no reads',
        }),
        graph({
          title: 'Corrected by people',
          text: 'Share of the reads of the last 14 days that people corrected or retracted.',
          unit: 'ratio',
          queries: [prom(byCamera('alpr_camera_corrected_ratio'), NAME)],
          whenEmpty: 'no reads',
        }),
        graph({
          title: 'Clocks',
          text: 'How far the clock of the edge of each camera is ahead of or behind that of the database.',
          unit: 'offset',
          queries: [prom(byCamera('alpr_camera_clock_offset_seconds'), NAME)],
          whenEmpty: 'no events yet',
        }),
      ],
    },
    {
      title: 'All cameras',
      panels: [
        table({
          title: 'Cameras',
          text: 'Every camera with what says how well it reads.',
          unit: 'ratio',
          queries: [
            prom(byCamera('alpr_camera_read_ratio'), 'read rate'),
            prom(byCamera('alpr_camera_read_ratio_usual'), 'usual'),
            prom(byCamera('alpr_camera_confidence_mean'), 'confidence'),
            prom(byCamera('alpr_camera_doubtful_ratio'), 'doubtful'),
            prom(byCamera('alpr_camera_char_height_pixels'), 'character height', { unit: 'pixels' }),
            prom(`1000 * ${byCamera('alpr_camera_newest_event_timestamp_seconds')}`, 'newest event', { unit: 'time' }),
          ],
          labels: ['site', 'camera'],
        }),
      ],
    },
  ],
};

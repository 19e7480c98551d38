import { takeApart, WARNINGS } from '../logs.ts';
import { type Board, graph, logLines, logql, number, prom, table } from '../panel.ts';
import { countStandstills, orZero, perMinute, perSecond, quantile, SITE } from '../promql.ts';

export const overview: Board = {
  uid: 'alpr-overview',
  title: 'ALPR · System overview',
  text: 'Whether cameras, events, services and alerts are well, on one page.',
  from: 'now-3h',
  rows: [
    {
      title: 'Now',
      panels: [
        number({
          title: 'Cameras that deliver',
          text: 'Cameras that deliver frames, and how many there are.',
          unit: 'count',
          queries: [
            prom(`sum(alpr_camera_up{${SITE}})`, 'deliver'),
            prom(`count(alpr_camera_up{${SITE}})`, 'there are'),
          ],
          runbook: 'AlprCameraDown',
        }),
        number({
          title: 'Read rate',
          text: 'Share of the vehicles with a plate that were read, of the last 24 hours.',
          unit: 'ratio',
          queries: [
            prom(
              `sum(alpr_camera_passages{${SITE},outcome="read"}) / (sum(alpr_camera_passages{${SITE},outcome=~"read|lost"}) > 0)`,
            ),
          ],
          limits: { warn: 0.9, bad: 0.8 },
          whenEmpty: 'no vehicles',
          runbook: 'AlprCameraReadsLess',
        }),
        number({
          title: 'Event to row',
          text: 'Time within which 99 % of the events stood in the database after they were published.',
          unit: 'seconds',
          queries: [prom(quantile(0.99, { metric: 'alpr_event_to_row_seconds' }), '', { exemplars: true })],
          limits: { warn: 1, bad: 2 },
          whenEmpty: 'no events',
          runbook: 'AlprEventsSlow',
        }),
        number({
          title: 'Parts that do not work',
          text: 'Services that try their work again and again, and channels and brokers that do not answer.',
          unit: 'count',
          queries: [
            prom(
              countStandstills([
                'alpr_ingest_works',
                'alpr_index_works',
                'alpr_alerts_works',
                'alpr_channel_works',
                'alpr_bus_up',
              ]),
            ),
          ],
          limits: { warn: 1, bad: 2 },
          runbook: 'AlprNotStored',
        }),
        number({
          title: 'Waiting',
          text: 'Messages that consumer groups have not handled, and events that edges have not handed over.',
          unit: 'count',
          queries: [
            prom(orZero(`sum(alpr_consumer_lag{${SITE}})`), 'on the bus'),
            prom(orZero(`sum(alpr_spool_entries{${SITE}})`), 'at edges'),
          ],
          limits: { warn: 1000, bad: 10_000 },
          runbook: 'AlprGroupFallsBehind',
        }),
        number({
          title: 'Alarms',
          text: 'Alarms of Prometheus that are firing.',
          unit: 'count',
          queries: [prom(orZero('count(ALERTS{alertstate="firing"})'))],
          limits: { warn: 1, bad: 3 },
        }),
      ],
    },
    {
      title: 'The last hours',
      panels: [
        graph({
          title: 'Passages',
          text: 'Vehicles that went by, by whether their plate was read, lost, or never seen.',
          unit: 'perMinute',
          queries: [prom(perMinute({ metric: 'alpr_passages_total', by: 'outcome' }), '{{outcome}}')],
          stacked: true,
        }),
        graph({
          title: 'Read rate by camera',
          text: 'Share of the vehicles with a plate that were read within six hours.',
          unit: 'ratio',
          queries: [prom(`avg by (site, camera) (alpr_camera_read_ratio{${SITE}})`, '{{site}} {{camera}}')],
          whenEmpty: 'no vehicles',
        }),
        graph({
          title: 'Events taken from the bus',
          text: 'Events by what became of them: written, stale (an older revision), erased, dead.',
          unit: 'perSecond',
          queries: [prom(perSecond({ metric: 'alpr_ingested_total', by: 'outcome' }), '{{outcome}}')],
          whenEmpty: 'no events',
        }),
        graph({
          title: 'API',
          text: 'Time within which half, 95 % and 99 % of the requests were answered.',
          unit: 'seconds',
          queries: [0.5, 0.95, 0.99].map((share) =>
            prom(quantile(share, { metric: 'alpr_http_request_seconds' }), `${100 * share} %`),
          ),
          whenEmpty: 'no requests',
        }),
      ],
    },
    {
      title: 'What needs somebody',
      panels: [
        table({
          title: 'Alarms that fire',
          text: 'Each alarm that Prometheus raises now, with what it is about.',
          unit: 'count',
          queries: [
            prom('sum by (alertname, severity, site, service, camera) (ALERTS{alertstate="firing"})', 'is firing'),
          ],
          labels: ['alertname', 'severity', 'site', 'service', 'camera'],
          whenEmpty: 'no alarm is firing',
        }),
        logLines({
          title: 'Warnings and errors',
          text: 'Newest lines of all services that say that something is wrong.',
          queries: [logql(takeApart(WARNINGS))],
          whenEmpty: 'no warnings',
        }),
      ],
    },
  ],
};

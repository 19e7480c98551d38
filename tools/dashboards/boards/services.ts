import { ERRORS, LINES, takeApart } from '../logs.ts';
import { type Board, graph, logLines, logql, number, prom, table, traceList, traceql } from '../panel.ts';
import { countStandstills, quantile, SITE, shareWithin, total } from '../promql.ts';

const PROCESS = 'service, instance';

export const services: Board = {
  uid: 'alpr-services',
  title: 'ALPR · Service health',
  text: 'Whether each process lives, does its work, and keeps what was promised.',
  from: 'now-6h',
  rows: [
    {
      title: 'Promises',
      panels: [
        number({
          title: 'Events stored within 2 s',
          text: 'Share of the events that stood in the database within two seconds; 99 % are promised.',
          unit: 'ratio',
          queries: [prom(shareWithin(2, { metric: 'alpr_event_to_row_seconds' }))],
          limits: { warn: 0.995, bad: 0.99 },
          whenEmpty: 'no events',
          runbook: 'AlprEventsSlow',
        }),
        number({
          title: 'Requests within 100 ms',
          text: 'Share of the requests that were answered within a tenth of a second; 99 % are promised.',
          unit: 'ratio',
          queries: [prom(shareWithin(0.1, { metric: 'alpr_http_request_seconds' }))],
          limits: { warn: 0.995, bad: 0.99 },
          whenEmpty: 'no requests',
          runbook: 'AlprApiSlow',
        }),
        number({
          title: 'Processes',
          text: 'Processes of ours that report.',
          unit: 'count',
          queries: [prom(`count(alpr_build_info{${SITE}})`)],
          runbook: 'AlprProcessSilent',
        }),
        number({
          title: 'Services at a standstill',
          text: 'Services that try the same batch again and again.',
          unit: 'count',
          queries: [prom(countStandstills(['alpr_ingest_works', 'alpr_index_works', 'alpr_alerts_works']))],
          limits: { warn: 1, bad: 1 },
          runbook: 'AlprNotStored',
        }),
        number({
          title: 'Oldest report',
          text: 'Age of the oldest figures that a process sent over Kafka.',
          unit: 'seconds',
          queries: [prom(`max(alpr_report_age_seconds{${SITE}})`)],
          limits: { warn: 45, bad: 60 },
          whenEmpty: 'nothing comes over Kafka',
          runbook: 'AlprProcessSilent',
        }),
      ],
    },
    {
      title: 'Work',
      panels: [
        graph({
          title: 'Services that work',
          text: 'Whether ingest, index and alerts got their last batch done.',
          unit: 'works',
          queries: [
            prom(`min by (site, service) (alpr_ingest_works{${SITE}})`, 'ingest {{site}} {{service}}'),
            prom(`min by (site, service) (alpr_index_works{${SITE}})`, 'index {{site}} {{service}}'),
            prom(`min by (site, service) (alpr_alerts_works{${SITE}})`, 'alerts {{site}} {{service}}'),
          ],
          runbook: 'AlprNotStored',
        }),
        graph({
          title: 'Batches that come again',
          text: 'Batches that could not be done and come again, by error code, since the processes began.',
          unit: 'count',
          queries: [
            prom(total({ metric: 'alpr_ingest_retries_total', by: 'cause' }), 'ingest {{cause}}'),
            prom(total({ metric: 'alpr_index_retries_total', by: 'cause' }), 'index {{cause}}'),
            prom(total({ metric: 'alpr_alerts_retries_total', by: 'cause' }), 'alerts {{cause}}'),
          ],
          runbook: 'AlprNotStored',
        }),
        graph({
          title: 'Stages of services, 95 %',
          text: 'Time within which 95 % of the batches were ingested, indexed and held against the rules.',
          unit: 'seconds',
          queries: [
            prom(
              quantile(0.95, {
                metric: 'alpr_stage_seconds',
                where: `${SITE},stage=~"ingest|index|alert"`,
                by: 'stage',
              }),
              '{{stage}}',
              { exemplars: true },
            ),
          ],
          whenEmpty: 'no events',
        }),
        graph({
          title: 'Event to row',
          text: 'Time from when an event was published until it stood in the database, for half, 95 % and 99 %.',
          unit: 'seconds',
          queries: [0.5, 0.95, 0.99].map((share) =>
            prom(quantile(share, { metric: 'alpr_event_to_row_seconds' }), `${100 * share} %`, { exemplars: true }),
          ),
          whenEmpty: 'no events',
        }),
      ],
    },
    {
      title: 'Processes',
      panels: [
        graph({
          title: 'Processor',
          text: 'Processor time that each process takes.',
          unit: 'cores',
          queries: [
            prom(
              `sum by (${PROCESS}) (rate(process_cpu_seconds_total{job=~"alpr.*"}[$__rate_interval]))`,
              '{{service}} {{instance}}',
            ),
          ],
        }),
        graph({
          title: 'Memory',
          text: 'Memory that each process holds.',
          unit: 'bytes',
          queries: [
            prom(`sum by (${PROCESS}) (process_resident_memory_bytes{job=~"alpr.*"})`, '{{service}} {{instance}}'),
          ],
        }),
        graph({
          title: 'Event loop, 99 %',
          text: 'How long a process was busy with one thing and deaf to all else, at most, 99 % of the time.',
          unit: 'seconds',
          queries: [
            prom(`max by (${PROCESS}) (nodejs_eventloop_lag_p99_seconds{job=~"alpr.*"})`, '{{service}} {{instance}}'),
          ],
        }),
        graph({
          title: 'New processes',
          text: 'Processes that began within the last hour, by service: after an update all, otherwise those that ended by themselves.',
          unit: 'count',
          queries: [
            prom(
              `sum by (service) (time() - alpr_process_start_timestamp_seconds{${SITE}} < bool 3600)`,
              '{{service}}',
            ),
          ],
          runbook: 'AlprProcessRestarts',
        }),
        table({
          title: 'Versions',
          text: 'Which version runs, in how many processes of each service.',
          unit: 'count',
          queries: [prom(`count by (site, service, version) (alpr_build_info{${SITE}})`, 'processes')],
          labels: ['site', 'service', 'version'],
        }),
      ],
    },
    {
      title: 'Logs and traces',
      panels: [
        graph({
          title: 'Lines of the log by level',
          text: 'Lines that our services wrote within five minutes, by level.',
          unit: 'rows',
          queries: [logql(`sum by (level) (count_over_time(${LINES} [5m]))`, '{{level}}')],
        }),
        graph({
          title: 'Errors by service',
          text: 'Lines that say that something failed, within five minutes, by service.',
          unit: 'rows',
          queries: [logql(`sum by (service) (count_over_time(${ERRORS} [5m]))`, '{{service}}')],
          whenEmpty: 'no errors',
        }),
        logLines({
          title: 'Errors',
          text: 'Newest lines that say that something failed; one of an event leads to its trace.',
          queries: [logql(takeApart(ERRORS))],
          whenEmpty: 'no errors',
        }),
        traceList({
          title: 'Passages that failed',
          text: 'Newest traces in which something failed.',
          queries: [traceql('{ resource.service.namespace = "ovr-alpr" && status = error }')],
          whenEmpty: 'no failures',
        }),
      ],
    },
  ],
};

import { type Board, graph, heatmap, number, prom, table, traceList, traceql } from '../panel.ts';
import { buckets, orZero, perMinute, perSecond, quantile, quantiles, SITE, shareWithin, total } from '../promql.ts';

const HTTP = 'alpr_http_request_seconds';
const SEARCH = `${SITE},route=~".*/events/search"`;

export const api: Board = {
  uid: 'alpr-api',
  title: 'ALPR · API and search',
  text: 'How fast requests and searches are answered, which fail, and what the audit keeps of them.',
  from: 'now-6h',
  rows: [
    {
      title: 'Now',
      panels: [
        number({
          title: 'Requests',
          text: 'Requests that were answered.',
          unit: 'perSecond',
          queries: [prom(perSecond({ metric: `${HTTP}_count` }))],
        }),
        number({
          title: 'Within 100 ms',
          text: 'Share of the requests that were answered within a tenth of a second; 99 % are promised.',
          unit: 'ratio',
          queries: [prom(shareWithin(0.1, { metric: HTTP }))],
          limits: { warn: 0.995, bad: 0.99 },
          whenEmpty: 'no requests',
          runbook: 'AlprApiSlow',
        }),
        number({
          title: 'Failed',
          text: 'Share of the requests that failed by our fault (status 5xx).',
          unit: 'ratio',
          queries: [
            prom(
              orZero(
                `sum(rate(${HTTP}_count{${SITE},status=~"5.."}[$__rate_interval])) / (sum(rate(${HTTP}_count{${SITE}}[$__rate_interval])) > 0)`,
              ),
            ),
          ],
          limits: { warn: 0.001, bad: 0.01 },
        }),
        number({
          title: 'Search, 95 %',
          text: 'Time within which 95 % of the searches were answered.',
          unit: 'seconds',
          queries: [prom(quantile(0.95, { metric: HTTP, where: SEARCH }), '', { exemplars: true })],
          limits: { warn: 0.1, bad: 0.5 },
          whenEmpty: 'no searches',
        }),
        number({
          title: 'Search index',
          text: 'Whether the search index took the last batch.',
          unit: 'works',
          queries: [prom(`min(alpr_index_works{${SITE}})`)],
          whenEmpty: 'searches ask the database',
          runbook: 'AlprNotIndexed',
        }),
      ],
    },
    {
      title: 'Requests',
      panels: [
        graph({
          title: 'Requests by status',
          text: 'Requests that were answered, by HTTP status.',
          unit: 'perSecond',
          queries: [prom(perSecond({ metric: `${HTTP}_count`, by: 'status' }), '{{status}}')],
          stacked: true,
        }),
        graph({
          title: 'Time of requests',
          text: 'Time within which half, 95 % and 99 % of the requests were answered.',
          unit: 'seconds',
          queries: quantiles({ metric: HTTP }),
        }),
        heatmap({
          title: 'Requests by time',
          text: 'How long requests took; each point leads to a trace.',
          queries: [buckets({ metric: HTTP })],
        }),
        graph({
          title: 'Refused requests by route',
          text: 'Requests that were refused (status 4xx), by route.',
          unit: 'perMinute',
          queries: [
            prom(
              orZero(perMinute({ metric: `${HTTP}_count`, where: `${SITE},status=~"4.."`, by: 'route, status' })),
              '{{status}} {{route}}',
            ),
          ],
        }),
        table({
          title: 'Routes',
          text: 'Each route with its requests and the time within which 95 % of them were answered.',
          unit: 'perMinute',
          queries: [
            prom(perMinute({ metric: `${HTTP}_count`, by: 'route' }), 'requests'),
            prom(quantile(0.95, { metric: HTTP, by: 'route' }), '95 %', { unit: 'seconds' }),
          ],
          labels: ['route'],
        }),
        traceList({
          title: 'Slow requests',
          text: 'Newest traces of requests that took longer than a tenth of a second.',
          queries: [traceql('{ resource.service.namespace = "ovr-alpr" && kind = server && duration > 100ms }')],
          whenEmpty: 'no slow requests',
        }),
      ],
    },
    {
      title: 'Search',
      panels: [
        graph({
          title: 'Time of searches',
          text: 'Time within which half, 95 % and 99 % of the searches were answered.',
          unit: 'seconds',
          queries: quantiles({ metric: HTTP, where: SEARCH }),
          whenEmpty: 'no searches',
        }),
        graph({
          title: 'Events indexed',
          text: 'Events taken into the search index, by outcome.',
          unit: 'perSecond',
          queries: [prom(perSecond({ metric: 'alpr_indexed_total', by: 'outcome' }), '{{outcome}}')],
          whenEmpty: 'searches ask the database',
        }),
        graph({
          title: 'Indexing, 95 %',
          text: 'Time within which 95 % of the batches were indexed.',
          unit: 'seconds',
          queries: [prom(quantile(0.95, { metric: 'alpr_stage_seconds', where: `${SITE},stage="index"` }), 'index')],
          whenEmpty: 'searches ask the database',
        }),
      ],
    },
    {
      title: 'Audit',
      panels: [
        graph({
          title: 'Entries by action',
          text: 'Entries written to the audit, by what was done.',
          unit: 'perMinute',
          queries: [prom(perMinute({ metric: 'alpr_audit_entries_total', by: 'action' }), '{{action}}')],
        }),
        graph({
          title: 'Writing an entry, 95 %',
          text: 'Time within which 95 % of the entries were safe; each audited answer waits for it.',
          unit: 'seconds',
          queries: [prom(quantile(0.95, { metric: 'alpr_audit_write_seconds' }), 'written')],
          whenEmpty: 'no entries',
        }),
        graph({
          title: 'Entries that failed, alarms',
          text: 'Entries that could not be written, so that their requests were refused, and alarms for the auditor, since the processes began.',
          unit: 'count',
          queries: [
            prom(total({ metric: 'alpr_audit_failures_total' }), 'failed'),
            prom(total({ metric: 'alpr_audit_alarms_total', by: 'kind' }), 'alarm {{kind}}'),
          ],
          runbook: 'AlprAuditFails',
        }),
      ],
    },
  ],
};

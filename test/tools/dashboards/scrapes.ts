import { join } from 'node:path';
import { SAMPLED } from './exporter-samples.ts';
import type { WholeSystem } from './whole-system.ts';

/** What Prometheus is started with: the whole system, samples of exporters, and the alarms that ship. */
export function describeScrapes({ url, authorization, edge, metrics }: WholeSystem, samples: string) {
  const target = (address: string, labels = {}) => [{ targets: [address], labels }];
  return {
    rules: [join(import.meta.dirname, '..', '..', '..', 'deploy', 'prometheus', 'alarms.yaml')],
    config: {
      global: { scrape_interval: '5s', scrape_timeout: '5s', evaluation_interval: '5s' },
      scrape_configs: [
        {
          job_name: 'alpr-start',
          honor_labels: true,
          authorization: { credentials: authorization.replace('Bearer ', '') },
          static_configs: target(new URL(url).host, { site: 'home', service: 'start' }),
        },
        {
          job_name: 'alpr-processes',
          honor_labels: true,
          static_configs: target(edge, { site: 'home', service: 'edge' }),
        },
        {
          job_name: 'alpr',
          honor_labels: true,
          static_configs: target(metrics),
          // All else the process shows itself.
          metric_relabel_configs: [{ source_labels: ['__name__'], regex: 'alpr_report_age_seconds', action: 'keep' }],
        },
        ...SAMPLED.map((name) => ({
          job_name: name,
          metrics_path: `/${name}`,
          static_configs: target(samples, { instance: 'machine' }),
        })),
      ],
    },
  };
}

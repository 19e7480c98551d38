import type { Log } from '../base/log.ts';
import type { RunningService, Service } from '../base/service.ts';
import type { Bus } from '../bus/bus.ts';
import type { Sql } from '../db/sql.ts';
import type { SearchConfig } from '../search/config.ts';
import type { SearchIndex } from '../search/search-index.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import { INDEX_GROUP } from './config.ts';

type Needs = Readonly<{ bus: Bus; sql: Sql; searchIndex: SearchIndex }>;
type Context = Readonly<{
  config: Readonly<{ search: SearchConfig }>;
  telemetry: Telemetry;
  tracing: Tracing;
  log: Log;
}>;

/** Takes events from the bus into the search index. */
export const indexerService: Service<Needs, Context> = {
  name: 'index',
  summary: 'take events from the bus into the search index; several share the work',
  needs: { bus: 'vital', sql: 'vital', searchIndex: 'vital' },
  groups: [INDEX_GROUP],
  meetsOthers: true,
  whyNot: ({ search }) =>
    search.kind === 'opensearch'
      ? undefined
      : 'Expected search.kind opensearch; the database itself is searched, so that there is nothing to index',
  async open({
    bus,
    sql,
    searchIndex: index,
    config: { search: config },
    telemetry,
    ...given
  }): Promise<RunningService> {
    if (config.kind !== 'opensearch') throw new TypeError('the index of a database is the database');
    const [{ runIndex }, { createIndexerMetrics }] = await Promise.all([
      import('./run-index.ts'),
      import('./metrics.ts'),
    ]);
    const running = runIndex({ ...given, bus, sql, index, metrics: createIndexerMetrics(telemetry), config });
    return {
      announcement: `Indexing ${bus.topics.plates} into ${config.index} on ${config.nodes.join(', ')}`,
      parts: [{ name: 'batches', dependence: 'vital', check: async () => running.outcomes.state() }],
      failed: running.failed,
      [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
    };
  },
};

import type { Telemetry } from '../telemetry/telemetry.ts';

export type IndexerMetrics = ReturnType<typeof createIndexerMetrics>;

/** What is counted on the way from the bus into the search index. */
export function createIndexerMetrics(telemetry: Telemetry) {
  return {
    stage: telemetry.stage,
    indexed: telemetry.counter({
      name: 'alpr_indexed_total',
      help: 'Events taken from the bus into the search index by outcome: written, stale (older revision), erased (refused for ever), refused, unreadable',
      labels: ['outcome'],
    }),
    works: telemetry.gauge({
      name: 'alpr_index_works',
      help: '1 from the start and after a batch was indexed, 0 while the search engine is tried again',
    }),
    retries: telemetry.counter({
      name: 'alpr_index_retries_total',
      help: 'Batches that could not be indexed and come again, by error code',
      labels: ['cause'],
    }),
  };
}

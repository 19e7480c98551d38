import type { Telemetry } from '../telemetry/telemetry.ts';

export type IndexerMetrics = ReturnType<typeof createIndexerMetrics>;

/** What is counted on the way from the bus into the search index. */
export function createIndexerMetrics(telemetry: Telemetry) {
  return {
    stage: telemetry.stage,
    indexed: telemetry.counter({
      name: 'alpr_indexed_total',
      help: 'Events taken from the bus into the search index by outcome: written, stale (older revision), erased (refused for ever), refused, unreadable',
      unit: 'none',
      advice: 'When refused grows, the log names the event and why; search does not find it.',
      labels: ['outcome'],
    }),
    works: telemetry.gauge({
      name: 'alpr_index_works',
      help: '1 from the start and after a batch was indexed, 0 while the search engine is tried again',
      unit: 'none',
      advice: 'When it is 0, new events are not found: look at the cluster.',
    }),
    retries: telemetry.counter({
      name: 'alpr_index_retries_total',
      help: 'Batches that could not be indexed and come again, by error code',
      unit: 'none',
      advice: 'When it grows, look up the error code: the page of errors says what helps.',
      labels: ['cause'],
    }),
  };
}

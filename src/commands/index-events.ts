import { createLog } from '../base/log.ts';
import { createMetrics } from '../base/metrics.ts';
import { openBus } from '../bus/open.ts';
import type { Config } from '../config.ts';
import { openSearchIndex } from '../search/open.ts';
import { INDEX_GROUP, runIndex } from './index-batches.ts';
import { waitForSignal } from './service.ts';

/** Brings events from the bus into the search index until it is told to stop; any number of these share the work. */
export async function indexEvents(config: Config): Promise<void> {
  const log = createLog(config.log.level);
  const metrics = createMetrics();
  await using opened = new AsyncDisposableStack();
  const { search } = config;
  const index = opened.use(await openSearchIndex(search));
  if (search.kind !== 'opensearch') return;
  const { bus, codec, topics } = opened.use(
    await openBus({ config: config.bus, dataFolder: config.data, requiredGroups: [INDEX_GROUP], log, metrics }),
  );
  const running = opened.use(runIndex({ bus, codec, topics, index, log, metrics, config: search }));
  process.stdout.write(`Indexing ${topics.plates} into ${search.index} on ${search.nodes.join(', ')}\n`);
  await Promise.race([waitForSignal(log), running.failed]);
}

import type { Log } from '../base/log.ts';
import type { OpenBus } from '../bus/open.ts';
import { type RunningIndex, runIndex } from '../indexer/run-index.ts';
import type { OpenSearchConfig } from '../search/config.ts';
import { openSearchIndex } from '../search/open.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Takes events from the bus into the search index. */
export async function openIndex(
  parts: Readonly<{ search: OpenSearchConfig; bus: OpenBus; metrics: Metrics; log: Log }>,
): Promise<RunningIndex> {
  const { search, metrics, log } = parts;
  const { bus, codec, topics } = parts.bus;
  await using opened = new AsyncDisposableStack();
  const index = opened.use(await openSearchIndex(search));
  const running = opened.use(runIndex({ bus, codec, topics, index, log, metrics, config: search }));
  const closing = opened.move();
  return { failed: running.failed, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

import { createLog } from '../base/log.ts';
import { createMetrics } from '../base/metrics.ts';
import { openMemoryBus } from '../bus/memory.ts';
import type { Config } from '../config.ts';
import { DEFAULT_TOPICS } from '../contract/topics.ts';
import { openBackEnd } from './open-back-end.ts';
import { waitForSignal } from './service.ts';

/** Serves the API and the page over what is stored, without cameras. */
export async function serve(config: Config): Promise<void> {
  const log = createLog(config.log.level);
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(openMemoryBus({ requiredGroups: {}, log }));
  const metrics = createMetrics();
  const backEnd = opened.use(await openBackEnd({ config, bus, topics: DEFAULT_TOPICS, metrics, log }));
  const api = opened.use(await backEnd.openApi([]));
  process.stdout.write(`Serving what is stored: ${api.url}\n`);
  await waitForSignal(log);
}

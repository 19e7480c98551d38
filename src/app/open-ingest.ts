import type { Log } from '../base/log.ts';
import type { OpenBus } from '../bus/open.ts';
import type { Sql } from '../db/sql.ts';
import { countDeadLetters, createDeadLetterTopic } from '../ingest/dead-letter-topic.ts';
import { runIngest } from '../ingest/ingest.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Config } from './config.ts';

/** Takes events from the bus into the database; what is none goes to the topic of dead letters, in process to their table. */
export async function openIngest(
  parts: Readonly<{ config: Config; bus: OpenBus; sql: Sql; metrics: Metrics; log: Log }>,
): Promise<AsyncDisposable> {
  const { config, sql, metrics, log } = parts;
  const { bus, topics, codec } = parts.bus;
  const options = { bus, sql, topics, log, metrics, config: config.ingest, codec };
  if (bus.kind === 'memory') return runIngest(options);
  await using opened = new AsyncDisposableStack();
  const topic = topics.deadLetters;
  opened.use(await countDeadLetters({ bus, topic, metrics }));
  opened.use(await runIngest({ ...options, deadLetters: createDeadLetterTopic({ bus, topic }) }));
  return opened.move();
}

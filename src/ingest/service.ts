import type { Log } from '../base/log.ts';
import type { RunningService, Service } from '../base/service.ts';
import type { Bus } from '../bus/bus.ts';
import type { DeadLetters } from '../bus/dead-letters.ts';
import type { Sql } from '../db/sql.ts';
import type { Images } from '../images/images.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import { INGEST_GROUP, type IngestConfig } from './config.ts';

type Needs = Readonly<{ bus: Bus; sql: Sql; images: Images; deadLetters: DeadLetters }>;
type Context = Readonly<{
  config: Readonly<{ ingest: IngestConfig }>;
  telemetry: Telemetry;
  tracing: Tracing;
  log: Log;
}>;

/** Takes events from the bus into the database. */
export const ingestService: Service<Needs, Context> = {
  name: 'ingest',
  summary: 'take events from Kafka into the database; several share the work',
  needs: { bus: 'vital', sql: 'vital', images: 'useful', deadLetters: 'vital' },
  groups: [INGEST_GROUP],
  meetsOthers: true,
  async open({ config, telemetry, ...given }): Promise<RunningService> {
    const [{ runIngest }, { createIngestMetrics }] = await Promise.all([import('./ingest.ts'), import('./metrics.ts')]);
    const running = await runIngest({ ...given, metrics: createIngestMetrics(telemetry), config: config.ingest });
    return {
      announcement: `Taking events from ${given.bus.topics.plates} into the database`,
      parts: [{ name: 'batches', dependence: 'vital', check: async () => running.outcomes.state() }],
      [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
    };
  },
};

import { join } from 'node:path';
import type { Log } from '../base/log.ts';
import { EventCodec } from '../contract/event-codec.ts';
import { DEFAULT_TOPICS, type Topics } from '../contract/topics.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Bus, KeepingBus } from './bus.ts';
import { type BusConfig, type KafkaConfig, registryConfigSchema } from './config.ts';

export type BusOptions = Readonly<{
  config: BusConfig;
  dataFolder: string;
  /** In process: groups of the topic of events without which a message would be lost; it is refused until they are there. */
  requiredGroups: readonly string[];
  log: Log;
  metrics: Metrics;
}>;

/** The bus as its users see it. `bus` has messages as they are on the wire, `codec` reads and writes them. */
export type OpenBus = AsyncDisposable &
  Readonly<{
    bus: Bus;
    topics: Topics;
    codec: EventCodec;
    /** For the edge, which publishes events as JSON. */
    forEdge: Bus;
    /** For the API, which watches events as JSON. */
    forViewers: Bus;
  }>;

/** The same on Kafka, where topics can be read again. */
export type OpenKafka = OpenBus & Readonly<{ bus: KeepingBus }>;

/** Opens the bus that the configuration names. */
export async function openBus(options: BusOptions): Promise<OpenBus> {
  const { config, requiredGroups, log } = options;
  switch (config.kind) {
    case 'memory': {
      const { openMemoryBus } = await import('./memory.ts');
      const topics = DEFAULT_TOPICS;
      const bus = openMemoryBus({ requiredGroups: { [topics.plates]: requiredGroups }, log });
      const codec = new EventCodec({ format: 'json' });
      const close = () => bus[Symbol.asyncDispose]();
      return { bus, topics, codec, forEdge: bus, forViewers: bus, [Symbol.asyncDispose]: close };
    }
    case 'kafka':
      return openKafka({ ...options, config });
  }
}

type KafkaOptions = Omit<BusOptions, 'config' | 'requiredGroups'> & Readonly<{ config: KafkaConfig }>;

/** Opens Kafka with the schema registry that belongs to it. Neither need be there yet. */
export async function openKafka({ config, dataFolder, log, metrics }: KafkaOptions): Promise<OpenKafka> {
  const [{ openKafkaBus }, { nameTopics }, { openRegistry }, { encodeOnPublish, watchAsJson }] = await Promise.all([
    import('./kafka.ts'),
    import('./kafka-topics.ts'),
    import('./registry.ts'),
    import('./wire-bus.ts'),
  ]);
  const topics = nameTopics(config);
  const registry = config.registry ?? (config.format === 'avro' ? registryConfigSchema.parse({}) : undefined);
  const [subject, folder] = [`${topics.plates}-value`, join(dataFolder, 'schemas')];
  const schemas = registry && (await openRegistry({ config: registry, subject, folder, log }));
  const codec = new EventCodec({ format: config.format, schemas });
  const bus = await openKafkaBus({ config, log, metrics });
  const wire = { bus, codec, topics };
  return {
    ...wire,
    forEdge: encodeOnPublish(wire),
    forViewers: watchAsJson(wire),
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  };
}

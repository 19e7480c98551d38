import { join } from 'node:path';
import type { Log } from '../base/log.ts';
import { AlertCodec } from '../contract/alert-codec.ts';
import { EventCodec } from '../contract/event-codec.ts';
import { DEFAULT_TOPICS } from '../contract/topics.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import type { Bus } from './bus.ts';
import type { BusConfig, KafkaConfig } from './config.ts';
import { createBus } from './create-bus.ts';
import type { DeadLetterBox } from './dead-letters.ts';
import { IN_PROCESS, WIRE } from './envelopes.ts';
import { createTopicCodecs } from './topic-codecs.ts';
import type { KeepingTransport } from './transport.ts';

type BusOptions = Readonly<{
  config: BusConfig;
  dataFolder: string;
  /** Which command runs, for the name of this program at the brokers. */
  client?: string | undefined;
  /** In process: groups of the topic of events without which an event would be lost; it is refused until they are there. */
  requiredGroups: readonly string[];
  log: Log;
  telemetry: Telemetry;
  /** Puts the trace of an event into the headers of its message. */
  tracing?: Tracing;
}>;

/** The bus, and where it keeps dead letters itself. */
export type OpenedBus = AsyncDisposable & Readonly<{ bus: Bus; deadLetters?: DeadLetterBox }>;

/** The same on Kafka, with what lies below the bus. */
export type OpenedKafka = OpenedBus &
  Readonly<{ deadLetters: DeadLetterBox; transport: KeepingTransport; codec: EventCodec }>;

/** Opens the bus that the configuration names. */
export async function openBus(options: BusOptions): Promise<OpenedBus> {
  const { config, requiredGroups, log } = options;
  switch (config.kind) {
    case 'memory': {
      const { openMemoryTransport } = await import('./memory.ts');
      const topics = DEFAULT_TOPICS;
      const transport = openMemoryTransport({
        requiredGroups: { [topics.plates]: requiredGroups },
        kept: [topics.cameras],
        log,
      });
      const codecs = createTopicCodecs(new EventCodec({ format: 'json' }));
      const bus = createBus({ transport, topics, codecs, envelope: IN_PROCESS, tracing: options.tracing });
      return { bus, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() };
    }
    case 'kafka':
      return openKafka({ ...options, config });
  }
}

type KafkaOptions = Omit<BusOptions, 'config' | 'requiredGroups'> & Readonly<{ config: KafkaConfig }>;

/** Opens Kafka with its schema registry. Neither needs to be reachable yet. */
export async function openKafka({
  config,
  dataFolder,
  client,
  log,
  telemetry,
  tracing,
}: KafkaOptions): Promise<OpenedKafka> {
  const [
    { openKafkaTransport },
    { listEventTopics, nameTopics },
    { openRegistry },
    { createBusMetrics },
    { openDeadLetterBox },
    { findRegistry },
  ] = await Promise.all([
    import('./kafka.ts'),
    import('./kafka-topics.ts'),
    import('./registry.ts'),
    import('./metrics.ts'),
    import('./dead-letter-topic.ts'),
    import('./examine.ts'),
  ]);
  const topics = nameTopics(config);
  const registry = findRegistry(config);
  const openSchemas = async (topic: string, folder: string) =>
    registry && openRegistry({ config: registry, subject: `${topic}-value`, folder: join(dataFolder, folder), log });
  const schemas = await openSchemas(topics.plates, 'schemas');
  // In a folder of its own: each client of the registry writes its file as a whole.
  const alertSchemas = await openSchemas(topics.alerts, 'schemas/alerts');
  const metrics = createBusMetrics(telemetry);
  const onIgnored = (fields: number) => metrics.ignored.inc(fields);
  const codec = new EventCodec({ format: config.format, schemas, onIgnored });
  const transport = await openKafkaTransport({ config, log, metrics, client });
  const alerts = new AlertCodec({ format: config.format, schemas: alertSchemas, onIgnored });
  const codecs = createTopicCodecs(codec, { alerts, note: onIgnored });
  const eventTopics = listEventTopics(config);
  const siteOf = (topic: string) => eventTopics.get(topic);
  const bus = createBus({ transport, topics, codecs, envelope: WIRE, tracing, siteOf });
  return {
    bus,
    deadLetters: openDeadLetterBox({ transport, topic: topics.deadLetters }),
    transport,
    codec,
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  };
}

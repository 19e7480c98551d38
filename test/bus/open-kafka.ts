import type { Log } from '../../src/base/log.ts';
import type { Bus } from '../../src/bus/bus.ts';
import { busConfigSchema, type KafkaConfig } from '../../src/bus/config.ts';
import { createBus } from '../../src/bus/create-bus.ts';
import { WIRE } from '../../src/bus/envelopes.ts';
import { openKafkaTransport } from '../../src/bus/kafka.ts';
import { nameTopics } from '../../src/bus/kafka-topics.ts';
import { type BusMetrics, createBusMetrics } from '../../src/bus/metrics.ts';
import { createTopicCodecs } from '../../src/bus/topic-codecs.ts';
import type { KeepingTransport } from '../../src/bus/transport.ts';
import { EventCodec } from '../../src/contract/event-codec.ts';
import type { Topics } from '../../src/contract/topics.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';

/** A configuration whose topics begin with `prefix`. */
export function kafkaConfig(
  brokers: readonly string[],
  prefix: string,
  { topics, ...more }: Readonly<{ topics?: object; groups?: object }> = {},
): KafkaConfig {
  const names = Object.fromEntries(
    ['plates', 'alerts', 'metrics', 'dead_letters', 'live', 'watch', 'cameras', 'trials'].map((topic) => [
      topic,
      `${prefix}.${topic}`,
    ]),
  );
  const config = busConfigSchema.parse({
    kind: 'kafka',
    brokers: [...brokers],
    topics: { ...names, partitions: 4, ...topics },
    ...more,
  });
  if (config.kind !== 'kafka') throw new TypeError('Expected a configuration of Kafka');
  return config;
}

/** A bus on Kafka with topics of its own, what lies below it, and what it counts. Events are JSON unless another codec is given. */
export async function openBusOn(
  brokers: readonly string[],
  options: Readonly<{ prefix: string; log: Log; more?: object; codec?: EventCodec }>,
): Promise<
  Readonly<{ bus: Bus; transport: KeepingTransport; topics: Topics; metrics: BusMetrics; telemetry: Telemetry }>
> {
  const { prefix, log, more, codec = new EventCodec({ format: 'json' }) } = options;
  const config = kafkaConfig(brokers, prefix, more);
  const telemetry = new Telemetry();
  const metrics = createBusMetrics(telemetry);
  const transport = await openKafkaTransport({ config, log, metrics });
  const topics = nameTopics(config);
  const bus = createBus({ transport, topics, codecs: createTopicCodecs(codec), envelope: WIRE });
  return { bus, transport, topics, metrics, telemetry };
}

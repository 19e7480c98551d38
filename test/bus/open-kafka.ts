import type { Log } from '../../src/base/log.ts';
import type { KeepingBus } from '../../src/bus/bus.ts';
import { busConfigSchema, type KafkaConfig } from '../../src/bus/config.ts';
import { openKafkaBus } from '../../src/bus/kafka.ts';
import { nameTopics } from '../../src/bus/kafka-topics.ts';
import type { Topics } from '../../src/contract/topics.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';

/** A configuration whose topics begin with `prefix`. */
export function kafkaConfig(
  brokers: readonly string[],
  prefix: string,
  { topics, ...more }: Readonly<{ topics?: object }> = {},
): KafkaConfig {
  const names = Object.fromEntries(
    ['plates', 'alerts', 'metrics', 'dead_letters', 'live', 'watch'].map((topic) => [topic, `${prefix}.${topic}`]),
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

/** A bus on Kafka with topics of its own, and what it counts. */
export async function openBusOn(
  brokers: readonly string[],
  { prefix, log, more }: Readonly<{ prefix: string; log: Log; more?: object }>,
): Promise<Readonly<{ bus: KeepingBus; topics: Topics; metrics: ReturnType<typeof createMetrics> }>> {
  const config = kafkaConfig(brokers, prefix, more);
  const metrics = createMetrics();
  return { bus: await openKafkaBus({ config, log, metrics }), topics: nameTopics(config), metrics };
}

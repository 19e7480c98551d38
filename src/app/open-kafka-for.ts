import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { type OpenKafka, openKafka } from '../bus/open.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Config } from './config.ts';

/** Opens Kafka for a command that makes no sense without it; CONFIG_INVALID where it is not configured. */
export async function openKafkaFor(
  options: Readonly<{ config: Config; log: Log; metrics: Metrics; command: string }>,
): Promise<OpenKafka> {
  const { config, log, metrics, command } = options;
  if (config.bus.kind === 'kafka') {
    return openKafka({ config: config.bus, dataFolder: config.data, log, metrics });
  }
  throw new AlprError(
    'CONFIG_INVALID',
    `alpr ${command} meets the other processes on Kafka: expected bus.kind kafka and bus.brokers, got bus.kind ${config.bus.kind}. Without Kafka, alpr start runs everything in one process`,
  );
}

import path from 'node:path';
import { installedFolder } from './cache.ts';

/** Small, quick to start and, after kill -9, quick to be taken back (`broker.session.timeout.ms`); no topic by accident. */
export const BROKER_SETTINGS = {
  'num.partitions': '3',
  'default.replication.factor': '1',
  'min.insync.replicas': '1',
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '4',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '4',
  'group.initial.rebalance.delay.ms': '0',
  'auto.create.topics.enable': 'false',
  'num.network.threads': '2',
  'num.io.threads': '2',
  'background.threads': '2',
  'log.cleaner.threads': '1',
  'log.cleaner.dedupe.buffer.size': '2097152',
  'log.index.size.max.bytes': '1048576',
  'log.segment.bytes': '67108864',
  'queued.max.requests': '100',
} as const;

/** The class path of an installed Kafka. */
export function libraries(name: 'kafka' | 'kafka-zookeeper'): string {
  return path.join(installedFolder(name), 'libs', '*');
}

/** `key=value` lines as Java reads them. */
export function formatProperties(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

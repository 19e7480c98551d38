import { expect, inject, test } from 'vitest';
import { describeWith, shareKafka } from './servers.ts';

const kind = inject('kafkaKind');

describeWith([kind === 'kraft' ? 'kafka' : 'kafka-zookeeper'], 'The shared Kafka', () => {
  test('keeps its metadata itself, or in ZooKeeper under npm run test:compat', async () => {
    expect((await shareKafka()).kind).toBe(kind);
  });
});

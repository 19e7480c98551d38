import { beforeAll, expect, inject, test } from 'vitest';
import { describeWith, shareKafka } from './servers.ts';

const kind = inject('kafkaKind');

describeWith([kind === 'kraft' ? 'kafka' : 'kafka-zookeeper'], 'The shared Kafka', () => {
  let found: string;
  beforeAll(async () => {
    found = (await shareKafka()).kind;
  }, 120_000);

  test('keeps its metadata itself, or in ZooKeeper under npm run test:compat', () => expect(found).toBe(kind));
});

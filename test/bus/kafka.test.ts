import { hostname } from 'node:os';
import { Admin } from '@platformatic/kafka';
import { beforeAll, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { openKafkaTransport } from '../../src/bus/kafka.ts';
import { createBusMetrics } from '../../src/bus/metrics.ts';
import { EventCodec, PLATE_EVENT_AVSC } from '../../src/contract/event-codec.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { describeWith, shareKafka, uniqueName } from '../servers/servers.ts';
import { testBus } from './bus-contract.ts';
import { kafkaConfig, openBusOn } from './open-kafka.ts';
import { testTransport } from './transport-contract.ts';

const log = createLog({ level: 'silent' });

describeWith(['kafka'], 'Kafka', () => {
  let brokers: readonly string[];
  beforeAll(async () => {
    ({ brokers } = await shareKafka());
  });

  testTransport('Kafka', async () => {
    await using opened = new AsyncDisposableStack();
    const prefix = uniqueName('transport');
    const first = await openBusOn(brokers, { prefix, log });
    opened.use(first.transport);
    const closing = opened.move();
    return {
      transport: first.transport,
      topic: first.topics.plates,
      join: async () => closing.use((await openBusOn(brokers, { prefix, log })).transport),
      [Symbol.asyncDispose]: () => closing.disposeAsync(),
    };
  });

  test('its groups are called as configured, and its clients after what they are', async () => {
    const prefix = uniqueName('names');
    const groups = { ingest: `${prefix}-stored`, others: `${prefix}-` };
    const config = kafkaConfig(brokers, prefix, { groups });
    const metrics = createBusMetrics(new Telemetry());
    await using transport = await openKafkaTransport({ config, client: 'ingest', log, metrics });
    const member = { topic: config.topics.plates, maxBatch: 1, maxWaitMs: 1 };
    await using _stored = await transport.subscribe({ ...member, group: 'ingest' }, async () => undefined);
    await using _other = await transport.subscribe({ ...member, group: 'count' }, async () => undefined);
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [...brokers], retries: 60, retryDelay: 250 });
    const findClients = async (group: string) => {
      const found = (await admin.describeGroups({ groups: [group] })).get(group);
      return [...(found?.members.values() ?? [])].map(({ clientId }) => clientId);
    };
    const name = `ovr-alpr-ingest-${hostname()}-${process.pid}`;
    for (const group of [`${prefix}-stored`, `${prefix}-count`]) {
      await expect.poll(() => findClients(group), { timeout: 30_000 }).toEqual([name]);
    }
    await admin.close();
  }, 60_000);

  const schemas = { numberOf: async () => 41, schemaOf: async () => PLATE_EVENT_AVSC };
  for (const format of ['avro', 'json'] as const) {
    testBus(`Kafka in ${format}`, async () => {
      const codec = new EventCodec({ format, schemas });
      return (await openBusOn(brokers, { prefix: uniqueName(format), log, codec })).bus;
    });
  }
});

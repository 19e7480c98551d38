import { beforeAll } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { EventCodec, PLATE_EVENT_AVSC } from '../../src/contract/event-codec.ts';
import { describeWith, shareKafka, uniqueName } from '../servers/servers.ts';
import { testBus } from './bus-contract.ts';
import { openBusOn } from './open-kafka.ts';
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

  const schemas = { numberOf: async () => 41, schemaOf: async () => PLATE_EVENT_AVSC };
  for (const format of ['avro', 'json'] as const) {
    testBus(`Kafka in ${format}`, async () => {
      const codec = new EventCodec({ format, schemas });
      return (await openBusOn(brokers, { prefix: uniqueName(format), log, codec })).bus;
    });
  }
});

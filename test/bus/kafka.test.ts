import { beforeAll } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { describeWith, shareKafka, uniqueName } from '../servers/servers.ts';
import { testBus } from './bus-contract.ts';
import { openBusOn } from './open-kafka.ts';

const log = createLog({ level: 'silent' });

describeWith(['kafka'], 'Kafka', () => {
  let brokers: readonly string[];
  beforeAll(async () => {
    ({ brokers } = await shareKafka());
  });

  testBus('Kafka', async () => {
    await using opened = new AsyncDisposableStack();
    const prefix = uniqueName('bus');
    const first = await openBusOn(brokers, { prefix, log });
    opened.use(first.bus);
    const closing = opened.move();
    return {
      bus: first.bus,
      topic: first.topics.plates,
      join: async () => closing.use((await openBusOn(brokers, { prefix, log })).bus),
      [Symbol.asyncDispose]: () => closing.disposeAsync(),
    };
  });
});

import { describe, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { openMemoryTransport } from '../../src/bus/memory.ts';
import { createEvent } from '../contract/events.ts';
import { testBus } from './bus-contract.ts';
import { openInProcessBus } from './open-in-process.ts';
import { testTransport } from './transport-contract.ts';

const log = createLog({ level: 'silent' });
const message = { topic: 'events', key: 'k', value: Buffer.from('x'), headers: {} };

testTransport('The in-process transport', async () => {
  const transport = openMemoryTransport({ requiredGroups: {}, log });
  return {
    transport,
    topic: 't',
    join: async () => transport,
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
});

testBus('The in-process bus', openInProcessBus);

describe('The in-process transport', () => {
  test('resolves a publish only when its handlers are done', async () => {
    await using transport = openMemoryTransport({ requiredGroups: {}, log });
    const gate = Promise.withResolvers<void>();
    await using _ = await transport.subscribe(
      { topic: 'events', group: 'g', maxBatch: 1, maxWaitMs: 0 },
      () => gate.promise,
    );
    let published = false;
    const publishing = transport.publish([message]).then(() => {
      published = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(published).toBe(false);
    gate.resolve();
    await publishing;
    expect(published).toBe(true);
  });

  test('refuses a message that a required group would miss', async () => {
    await using transport = openMemoryTransport({ requiredGroups: { events: ['ingest'] }, log });
    await expect(transport.publish([message])).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  });

  test('rejects what it could not hand over before it closed', async () => {
    const transport = openMemoryTransport({ requiredGroups: {}, log });
    await transport.subscribe({ topic: 'events', group: 'g', maxBatch: 1, maxWaitMs: 0 }, async () => {
      throw new Error('never works');
    });
    const publishing = transport.publish([message]);
    const outcome = expect(publishing).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
    await transport[Symbol.asyncDispose]();
    await outcome;
  });
});

test('The in-process bus hands an event on without making bytes of it', async () => {
  await using bus = await openInProcessBus();
  let written = 0;
  const event = Object.defineProperty(createEvent({}), 'toJSON', {
    value() {
      written += 1;
      return {};
    },
  });
  const read: unknown[] = [];
  const subscription = { topic: 'plates', group: 'g', maxBatch: 1, maxWaitMs: 0 } as const;
  await using _ = await bus.subscribe(subscription, async (batch) => {
    read.push(...batch.map((arrival) => arrival.read()));
  });
  await bus.publish('plates', [event]);
  expect([read, written]).toEqual([[event], 0]);
});

import { describe, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { openMemoryBus } from '../../src/bus/memory.ts';
import { testBus } from './bus-contract.ts';

const log = createLog({ level: 'silent' });
const message = { topic: 'events', key: 'k', value: Buffer.from('x'), headers: {} };

testBus('The in-process bus', async () => {
  const bus = openMemoryBus({ requiredGroups: {}, log });
  return { bus, topic: 't', join: async () => bus, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() };
});

describe('The in-process bus', () => {
  test('resolves a publish only when its handlers are done', async () => {
    await using bus = openMemoryBus({ requiredGroups: {}, log });
    const gate = Promise.withResolvers<void>();
    await using _ = await bus.subscribe({ topic: 'events', group: 'g', maxBatch: 1, maxWaitMs: 0 }, () => gate.promise);
    let published = false;
    const publishing = bus.publish([message]).then(() => {
      published = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(published).toBe(false);
    gate.resolve();
    await publishing;
    expect(published).toBe(true);
  });

  test('refuses a message that a required group would miss', async () => {
    await using bus = openMemoryBus({ requiredGroups: { events: ['ingest'] }, log });
    await expect(bus.publish([message])).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  });

  test('rejects what it could not hand over before it closed', async () => {
    const bus = openMemoryBus({ requiredGroups: {}, log });
    await bus.subscribe({ topic: 'events', group: 'g', maxBatch: 1, maxWaitMs: 0 }, async () => {
      throw new Error('never works');
    });
    const publishing = bus.publish([message]);
    const outcome = expect(publishing).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
    await bus[Symbol.asyncDispose]();
    await outcome;
  });
});

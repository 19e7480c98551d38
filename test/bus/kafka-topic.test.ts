import { setTimeout as sleep } from 'node:timers/promises';
import { Consumer } from '@platformatic/kafka';
import { beforeAll, expect, test, vi } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { Raw } from '../../src/bus/bus.ts';
import { EventCodec, PLATE_EVENT_AVSC } from '../../src/contract/event-codec.ts';
import { createEvent, createWireEvent } from '../contract/events.ts';
import { describeWith, shareKafka, uniqueName } from '../servers/servers.ts';
import { openBusOn } from './open-kafka.ts';

const log = createLog({ level: 'silent' });
const patient = { timeout: 25_000, interval: 20 };

/** Whether the broker has a message that came at or after `time`, milliseconds. */
async function hasSince(brokers: readonly string[], topic: string, time: number): Promise<boolean> {
  const access = { clientId: 'test', bootstrapBrokers: [...brokers], retries: 60, retryDelay: 250 };
  const consumer = new Consumer({ ...access, groupId: uniqueName('times') });
  const offsets = await consumer.listOffsets({ topics: [topic], timestamp: BigInt(time) });
  await consumer.close(true);
  return (offsets.get(topic) ?? []).some((offset) => offset >= 0n);
}

describeWith(['kafka'], 'Topics on Kafka', () => {
  let brokers: readonly string[];
  beforeAll(async () => {
    ({ brokers } = await shareKafka());
  });

  test('are read again whole, by partition and offset, with where each message lies', async () => {
    const { transport, topics } = await openBusOn(brokers, { prefix: uniqueName('read'), log });
    await using _transport = transport;
    expect(await transport.readTopic(topics.deadLetters)).toEqual([]);
    const messages = Array.from({ length: 30 }, (_, at) => ({
      topic: topics.deadLetters,
      key: `camera-${at % 5}`,
      value: Buffer.from(String(at)),
      headers: { number: String(at) },
    }));
    await transport.publish(messages);
    const read = await transport.readTopic(topics.deadLetters);
    expect(read.map(({ headers }) => Number(headers.number)).toSorted((a, b) => a - b)).toEqual(
      messages.map((_, at) => at),
    );
    const places = read.map(({ origin }) => `${origin?.partition}:${origin?.offset}`);
    expect(new Set(places).size).toBe(30);
    const partitionOf = new Map(read.map(({ key, origin }) => [key, origin?.partition]));
    for (const { key, origin } of read) expect(origin?.partition).toBe(partitionOf.get(key));
  });

  test('are read from a moment on where that is asked, and a group says how far it has come', async () => {
    const { transport, topics } = await openBusOn(brokers, { prefix: uniqueName('since'), log });
    await using _transport = transport;
    const topic = topics.deadLetters;
    const publish = (text: string) =>
      transport.publish([{ topic, key: 'gate', value: Buffer.from(text), headers: {} }]);
    const read = async (choice: Parameters<typeof transport.readTopic>[1]) =>
      (await transport.readTopic(topic, choice)).map(({ value }) => Buffer.from(value).toString());
    await publish('before');
    // The broker dates messages when they arrive, by the clock of this machine.
    await new Promise((done) => setTimeout(done, 20));
    const since = Date.now();
    await publish('after');
    await publish('later');
    expect(await read({ since })).toEqual(['after', 'later']);
    expect(await read({ wants: ({ value }) => value.length === 6 })).toEqual(['before']);
    expect(await read({ since: Date.now() + 60_000 })).toEqual([]);

    const inGroup = async () => {
      const advances = await transport.readAdvance(topic, 'counters');
      return advances.filter(({ end }) => end > 0n).map(({ next, end }) => [next, end]);
    };
    expect(await inGroup()).toEqual([[undefined, 3n]]);
    const member = await transport.subscribe({ topic, group: 'counters', maxBatch: 10, maxWaitMs: 5 }, async () => {});
    await expect.poll(inGroup, { timeout: 20_000, interval: 100 }).toEqual([[3n, 3n]]);
    await member[Symbol.asyncDispose]();
  });

  test('carry events in Avro; what is none goes out as it is, and onlookers see what comes from then on', async () => {
    const schemas = { numberOf: async () => 41, schemaOf: async () => PLATE_EVENT_AVSC };
    const codec = new EventCodec({ format: 'avro', schemas });
    const opened = await openBusOn(brokers, { prefix: uniqueName('wire'), log, codec });
    const { bus, transport, topics, telemetry } = opened;
    await using _bus = bus;
    const event = createEvent({ text: 'EARLY1' });
    await bus.publish('plates', [event, new Raw({ key: 'gate', value: Buffer.from('no event') })]);
    const [first, second] = await transport.readTopic(topics.plates);
    expect([...(first?.value.subarray(0, 5) ?? [])]).toEqual([0, 0, 0, 0, 41]);
    expect(Buffer.from(second?.value ?? []).toString()).toBe('no event');
    const seen: unknown[] = [];
    await using _sub = await bus.subscribe(
      { topic: 'plates', group: 'api', isOnlooker: true, maxBatch: 10, maxWaitMs: 5 },
      async (batch) => {
        seen.push(...batch.map((arrival) => arrival.read()));
      },
    );
    // An onlooker sees nothing before it has joined; when that is, nobody says.
    const late = createWireEvent({ text: 'LATER2' });
    while (seen.length === 0) {
      await bus.publish('plates', [late]);
      await sleep(200);
    }
    for (const one of seen) expect(one).toEqual(late);
    // Its group has another name each time, which must not become a label.
    expect((await telemetry.format()).text).toContain(`alpr_bus_up{client="${topics.plates}/api"} 1`);
  });

  test.each([1_000_000_000_000, 3_000_000_000_000])(
    'that we make take messages of an edge whose clock is years off (%i)',
    async (now) => {
      const { transport, topics } = await openBusOn(brokers, { prefix: uniqueName('clock'), log });
      await using _transport = transport;
      expect(await transport.readTopic(topics.plates)).toEqual([]);
      vi.useFakeTimers({ toFake: ['Date'], now });
      try {
        await transport.publish([{ topic: topics.plates, key: 'k', value: Buffer.from('off'), headers: {} }]);
      } finally {
        vi.useRealTimers();
      }
      // Neither long gone, for which the broker would delete it, nor far off, for which it would keep what came before it.
      const around = [Date.now() - 600_000, Date.now() + 600_000];
      expect(await Promise.all(around.map((time) => hasSince(brokers, topics.plates, time)))).toEqual([true, false]);
    },
  );

  test('show how far a group is behind, and that it has caught up', async () => {
    const { transport, topics, metrics } = await openBusOn(brokers, { prefix: uniqueName('lag'), log });
    await using _transport = transport;
    const message = (at: number) => ({ topic: topics.plates, key: `c${at}`, value: Buffer.from('x'), headers: {} });
    await transport.publish(Array.from({ length: 40 }, (_, at) => message(at)));
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const subscription = { topic: topics.plates, group: 'slow', maxBatch: 10, maxWaitMs: 5 };
    const member = await transport.subscribe(subscription, () => held);
    const lag = async () => (await metrics.lag.get()).values.map(({ labels, value }) => [labels.group, value]);
    await expect.poll(lag, patient).toEqual([['slow', 40]]);
    release();
    await expect.poll(lag, patient).toEqual([['slow', 0]]);
    await member[Symbol.asyncDispose]();
    expect(await lag()).toEqual([]);
  });

  test('names of other guides can be given to them', async () => {
    const names = {
      plates: uniqueName('plate-events'),
      alerts: uniqueName('alerts'),
      dead_letters: uniqueName('plate-events-dlq'),
    };
    const { transport, topics } = await openBusOn(brokers, {
      prefix: uniqueName('named'),
      log,
      more: { topics: names },
    });
    await using _transport = transport;
    expect(topics).toMatchObject({ plates: names.plates, alerts: names.alerts, deadLetters: names.dead_letters });
    await transport.publish([{ topic: topics.plates, key: 'k', value: Buffer.from('x'), headers: {} }]);
    await expect.poll(async () => (await transport.readTopic(names.plates)).length, patient).toBe(1);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { Consumer } from '@platformatic/kafka';
import { beforeAll, expect, test, vi } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { encodeOnPublish, watchAsJson } from '../../src/bus/wire-bus.ts';
import { decodeEvent, encodeEvent } from '../../src/contract/codec.ts';
import { EventCodec, PLATE_EVENT_AVSC } from '../../src/contract/event-codec.ts';
import { createEvent } from '../contract/events.ts';
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
    const { bus, topics } = await openBusOn(brokers, { prefix: uniqueName('read'), log });
    await using _bus = bus;
    expect(await bus.readTopic(topics.deadLetters)).toEqual([]);
    const messages = Array.from({ length: 30 }, (_, at) => ({
      topic: topics.deadLetters,
      key: `camera-${at % 5}`,
      value: Buffer.from(String(at)),
      headers: { number: String(at) },
    }));
    await bus.publish(messages);
    const read = await bus.readTopic(topics.deadLetters);
    expect(read.map(({ headers }) => Number(headers.number)).toSorted((a, b) => a - b)).toEqual(
      messages.map((_, at) => at),
    );
    const places = read.map(({ origin }) => `${origin?.partition}:${origin?.offset}`);
    expect(new Set(places).size).toBe(30);
    const partitionOf = new Map(read.map(({ key, origin }) => [key, origin?.partition]));
    for (const { key, origin } of read) expect(origin?.partition).toBe(partitionOf.get(key));
  });

  test('carry events that the edge publishes as JSON in Avro, and onlookers see JSON of what comes from then on', async () => {
    const { bus, topics } = await openBusOn(brokers, { prefix: uniqueName('wire'), log });
    await using _bus = bus;
    const schemas = { numberOf: async () => 41, schemaOf: async () => PLATE_EVENT_AVSC };
    const codec = new EventCodec({ format: 'avro', schemas });
    const edge = encodeOnPublish({ bus, codec, topics });
    const message = (value: Uint8Array) => ({ topic: topics.plates, key: 'gate', value, headers: {} });
    const event = createEvent({ text: 'EARLY1' });
    await edge.publish([message(encodeEvent(event)), message(Buffer.from('no event'))]);
    const [first, second] = await bus.readTopic(topics.plates);
    expect([...(first?.value.subarray(0, 5) ?? [])]).toEqual([0, 0, 0, 0, 41]);
    expect(Buffer.from(second?.value ?? []).toString()).toBe('no event');
    const seen: string[] = [];
    const viewers = watchAsJson({ bus, codec, topics });
    await using _sub = await viewers.subscribe(
      { topic: topics.plates, group: 'api', maxBatch: 10, maxWaitMs: 5 },
      async (batch) => {
        seen.push(...batch.map(({ value }) => decodeEvent(value).plate.text_raw));
      },
    );
    // An onlooker sees nothing before it has joined; when that is, nobody says.
    while (seen.length === 0) {
      await edge.publish([message(encodeEvent(createEvent({ text: 'LATER2' })))]);
      await sleep(200);
    }
    expect(new Set(seen)).toEqual(new Set(['LATER2']));
  });

  test.each([1_000_000_000_000, 3_000_000_000_000])(
    'that we make take messages of an edge whose clock is years off (%i)',
    async (now) => {
      const { bus, topics } = await openBusOn(brokers, { prefix: uniqueName('clock'), log });
      await using _bus = bus;
      expect(await bus.readTopic(topics.plates)).toEqual([]);
      vi.useFakeTimers({ toFake: ['Date'], now });
      try {
        await bus.publish([{ topic: topics.plates, key: 'k', value: Buffer.from('off'), headers: {} }]);
      } finally {
        vi.useRealTimers();
      }
      // Neither long gone, for which the broker would delete it, nor far off, for which it would keep what came before it.
      const around = [Date.now() - 600_000, Date.now() + 600_000];
      expect(await Promise.all(around.map((time) => hasSince(brokers, topics.plates, time)))).toEqual([true, false]);
    },
  );

  test('show how far a group is behind, and that it has caught up', async () => {
    const { bus, topics, metrics } = await openBusOn(brokers, { prefix: uniqueName('lag'), log });
    await using _bus = bus;
    const message = (at: number) => ({ topic: topics.plates, key: `c${at}`, value: Buffer.from('x'), headers: {} });
    await bus.publish(Array.from({ length: 40 }, (_, at) => message(at)));
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const subscription = { topic: topics.plates, group: 'slow', maxBatch: 10, maxWaitMs: 5 };
    const member = await bus.subscribe(subscription, () => held);
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
    const { bus, topics } = await openBusOn(brokers, { prefix: uniqueName('named'), log, more: { topics: names } });
    await using _bus = bus;
    expect(topics).toMatchObject({ plates: names.plates, alerts: names.alerts, deadLetters: names.dead_letters });
    await bus.publish([{ topic: topics.plates, key: 'k', value: Buffer.from('x'), headers: {} }]);
    await expect.poll(async () => (await bus.readTopic(names.plates)).length, patient).toBe(1);
  });
});

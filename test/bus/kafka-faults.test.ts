import { setTimeout as sleep } from 'node:timers/promises';
import { Admin } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createLog, type Log } from '../../src/base/log.ts';
import type { BusMessage, Transport } from '../../src/bus/transport.ts';
import type { Telemetry } from '../../src/telemetry/telemetry.ts';
import { openDoor } from '../servers/door.ts';
import { describeWith, startKafka, uniqueName } from '../servers/servers.ts';
import { openBusOn } from './open-kafka.ts';

const log = createLog({ level: 'silent' });
const patient = { timeout: 90_000, interval: 50 };
/** A broker needs seconds to start, on a busy machine a minute. */
const SLOW_START_MS = 180_000;
/** The broker refuses members that may be silent for longer. */
const LONGEST_SESSION_MS = 60_000;
const quick = { publish_timeout_ms: 3000 };

/** Publishes until the transport takes it, as the spool of the edge does. */
async function publishStubbornly(transport: Transport, messages: readonly BusMessage[]): Promise<number> {
  for (let refused = 0; ; refused++) {
    try {
      await transport.publish(messages);
      return refused;
    } catch {
      await sleep(100);
    }
  }
}

/** Whether each client counts as connected: '1' or '0'. */
async function readUp(telemetry: Telemetry, clients: readonly string[]): Promise<readonly (string | undefined)[]> {
  const { text } = await telemetry.format();
  return clients.map((client) => new RegExp(`alpr_bus_up{client="${client}"} (\\d)`).exec(text)?.[1]);
}

/** Subscribes while the broker is away, which shows; what it resolves to holds that all comes once the broker is back. */
async function subscribeEarly(brokers: readonly string[]): Promise<() => Promise<void>> {
  const { transport, topics, telemetry } = await openBusOn(brokers, {
    prefix: uniqueName('early'),
    log,
    more: quick,
  });
  onTestFinished(() => transport[Symbol.asyncDispose]());
  const seen: string[] = [];
  await transport.subscribe({ topic: topics.plates, group: 'early', maxBatch: 10, maxWaitMs: 5 }, async (batch) => {
    seen.push(...batch.map(({ key }) => key));
  });
  const message = { topic: topics.plates, key: 'camera', value: Buffer.from('x'), headers: {} };
  await expect(transport.publish([message])).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  const consumer = `alpr_bus_up{client="${topics.plates}/early"}`;
  await expect.poll(async () => (await telemetry.format()).text, patient).toContain(`${consumer} 0`);
  expect(transport.works).toBe(false);
  return async () => {
    await publishStubbornly(transport, [message]);
    await expect.poll(() => seen, patient).toEqual(['camera']);
    await expect.poll(() => transport.works, patient).toBe(true);
    await expect.poll(async () => (await telemetry.format()).text, patient).toContain(`${consumer} 1`);
  };
}

describeWith(['kafka'], 'Kafka in trouble', () => {
  let kafka: Awaited<ReturnType<typeof startKafka>>;
  beforeAll(async () => {
    const settings = { 'group.max.session.timeout.ms': String(LONGEST_SESSION_MS) };
    kafka = await startKafka({ secure: true, heapMb: 160, settings });
  }, SLOW_START_MS);
  afterAll(() => kafka?.[Symbol.asyncDispose]());

  describe('with names, passwords and certificates', () => {
    const sasl = (mechanism: string, password: string) => ({
      sasl: { mechanism, username: kafka.secure?.username, password },
    });
    const right = () => kafka.secure?.password ?? '';
    const tls = () => ({ tls: { ca_file: kafka.secure?.caFile } });

    test.each([
      ['PLAIN', () => ({ brokers: kafka.secure?.sasl, ...sasl('PLAIN', right()) })],
      ['SCRAM-SHA-256', () => ({ brokers: kafka.secure?.sasl, ...sasl('SCRAM-SHA-256', right()) })],
      [
        'SCRAM-SHA-512 over TLS',
        () => ({ brokers: kafka.secure?.saslTls, ...sasl('SCRAM-SHA-512', right()), ...tls() }),
      ],
      ['TLS alone', () => ({ brokers: kafka.secure?.tls, ...tls() })],
    ] as const)('%s lets in', async (_, access) => {
      const { brokers = [], ...more } = access();
      const { transport, topics } = await openBusOn(brokers, { prefix: uniqueName('secure'), log, more });
      await using _bus = transport;
      const seen: string[] = [];
      await using _sub = await transport.subscribe(
        { topic: topics.plates, group: 'g', maxBatch: 10, maxWaitMs: 5 },
        async (batch) => {
          seen.push(...batch.map(({ key }) => key));
        },
      );
      await transport.publish([{ topic: topics.plates, key: 'camera', value: Buffer.from('x'), headers: {} }]);
      await expect.poll(() => seen, patient).toEqual(['camera']);
    });

    test.each([
      ['a wrong password', () => ({ brokers: kafka.secure?.sasl, ...sasl('SCRAM-SHA-512', 'wrong') })],
      ['a certificate of somebody unknown', () => ({ brokers: kafka.secure?.tls, tls: {} })],
    ] as const)('%s is refused in time and never shown', async (_, access) => {
      const { brokers = [], ...more } = access();
      const { transport, topics } = await openBusOn(brokers, {
        prefix: uniqueName('refused'),
        log,
        more: { ...more, ...quick },
      });
      await using _bus = transport;
      const message = { topic: topics.plates, key: 'camera', value: Buffer.from('x'), headers: {} };
      const refused: unknown = await transport.publish([message]).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'BUS_UNAVAILABLE', retry: true });
      expect(String(refused)).not.toContain('wrong');
    });

    test('the second attempt to reach an address, which the client forgets when the first fails, is closed with the bus', async () => {
      // Without TLS an attempt that is cut at once counts as a success.
      await using door = await openDoor(`https://${kafka.secure?.tls[0]}`);
      const address = new URL(door.url).host;
      door.turnAwayNext();
      const { transport } = await openBusOn([address, address], { prefix: uniqueName('twice'), log, more: tls() });
      await expect.poll(() => door.isUsed, patient).toBe(true);
      await transport[Symbol.asyncDispose]();
      await expect.poll(() => door.isUsed).toBe(false);
    });
  });

  test(
    'a broker killed in between: each connection shows it within 15 s, nothing acknowledged is lost, each key keeps its order, and who subscribes meanwhile waits for it',
    async () => {
      const { transport, topics, telemetry } = await openBusOn(kafka.brokers, {
        prefix: uniqueName('killed'),
        log,
        more: quick,
      });
      await using _bus = transport;
      const seen = new Map<string, number[]>();
      const take = async (batch: readonly BusMessage[]) => {
        for (const { key, value } of batch) {
          const numbers = seen.get(key) ?? [];
          const number = Number(Buffer.from(value).toString());
          if (!numbers.includes(number)) numbers.push(number);
          seen.set(key, numbers);
        }
      };
      await using _sub = await transport.subscribe(
        { topic: topics.plates, group: 'g', maxBatch: 50, maxWaitMs: 5 },
        take,
      );
      const isUp = () => readUp(telemetry, ['producer', 'live', `${topics.plates}/g`]);
      const publishLive = async () => {
        await transport.publish([{ topic: topics.live, key: 'camera', value: Buffer.from('x'), headers: {} }]);
        return isUp();
      };
      const killing = (async () => {
        await expect.poll(publishLive, patient).toEqual(['1', '1', '1']);
        await kafka.control.kill();
        const isDown = expect.poll(isUp, { timeout: 15_000, interval: 50 }).toEqual(['0', '0', '0']);
        const [early] = await Promise.all([subscribeEarly(kafka.brokers), isDown]).finally(() =>
          kafka.control.restart(),
        );
        return early;
      })();
      let killed = false;
      const end = () => {
        killed = true;
      };
      void killing.then(end, end);
      let sent = 0;
      while (!killed || sent < 400) {
        const part = Array.from({ length: 20 }, () => {
          const number = sent++;
          return { topic: topics.plates, key: `camera-${number % 8}`, value: Buffer.from(String(number)), headers: {} };
        });
        await publishStubbornly(transport, part);
        await sleep(20);
      }
      await expect.poll(() => [...seen.values()].flat().length, patient).toBe(sent);
      for (const numbers of seen.values()) expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      await (await killing)();
      await expect.poll(isUp, patient).toEqual(['1', '1', '1']);
    },
    SLOW_START_MS,
  );

  test(
    'a broker that freezes shows within 15 s at every connection, busy or idle, and so does its return',
    async () => {
      const { transport, topics, telemetry } = await openBusOn(kafka.brokers, { prefix: uniqueName('silent'), log });
      await using _bus = transport;
      await using _sub = await transport.subscribe(
        { topic: topics.plates, group: 'g', maxBatch: 10, maxWaitMs: 5 },
        async () => undefined,
      );
      const isUp = () => readUp(telemetry, ['producer', 'live', `${topics.plates}/g`]);
      const message = { key: 'camera', value: Buffer.from('x'), headers: {} };
      // A live message may get lost while the broker makes its topic; the next one shows that it works.
      const publishBoth = async () => {
        await publishStubbornly(transport, [
          { topic: topics.plates, ...message },
          { topic: topics.live, ...message },
        ]);
        return isUp();
      };
      await expect.poll(publishBoth, { ...patient, interval: 1000 }).toEqual(['1', '1', '1']);
      expect(transport.works).toBe(true);
      const frozen = performance.now();
      onTestFinished(() => kafka.control.resume());
      await kafka.control.pause();
      await expect.poll(isUp, { timeout: 15_000, interval: 50 }).toEqual(['0', '0', '0']);
      expect(transport.works).toBe(false);
      expect(performance.now() - frozen).toBeLessThan(15_000);
      await kafka.control.resume();
      await expect.poll(isUp, patient).toEqual(['1', '1', '1']);
      expect(transport.works).toBe(true);
    },
    SLOW_START_MS,
  );

  test(
    'closes in seconds while the broker is away, also with messages on their way',
    async () => {
      const { transport, topics } = await openBusOn(kafka.brokers, { prefix: uniqueName('closed'), log, more: quick });
      await transport.subscribe(
        { topic: topics.plates, group: 'g', maxBatch: 10, maxWaitMs: 5 },
        async () => undefined,
      );
      const message = { topic: topics.plates, key: 'camera', value: Buffer.from('x'), headers: {} };
      await transport.publish([message]);
      onTestFinished(() => kafka.control.resume());
      await kafka.control.pause();
      const hanging = transport.publish([message]).catch(() => 'refused');
      await sleep(200);
      const begun = performance.now();
      await transport[Symbol.asyncDispose]();
      expect(performance.now() - begun).toBeLessThan(12_000);
      expect(await hanging).toBe('refused');
      const fresh = await openBusOn(kafka.brokers, { prefix: uniqueName('hung'), log });
      const { topics: own } = fresh;
      await fresh.transport.subscribe(
        { topic: own.plates, group: 'g', maxBatch: 1, maxWaitMs: 1 },
        async () => undefined,
      );
      const waiting = fresh.transport.publish([{ ...message, topic: own.plates }]).catch(() => 'refused');
      await sleep(200);
      const again = performance.now();
      await fresh.transport[Symbol.asyncDispose]();
      expect(performance.now() - again).toBeLessThan(12_000);
      expect(await waiting).toBe('refused');
    },
    SLOW_START_MS,
  );

  test(
    'members ask for the configured session: one longer than the broker allows keeps them out',
    async () => {
      const warned: string[] = [];
      const ignore = () => undefined;
      const noted: Log = {
        debug: ignore,
        info: ignore,
        error: ignore,
        warn: (fields) => void warned.push(JSON.stringify(fields)),
        child: () => noted,
      };
      const join = async (session_timeout_ms: number, seen: string[]) => {
        const more = { session_timeout_ms };
        const { transport, topics } = await openBusOn(kafka.brokers, {
          prefix: uniqueName('session'),
          log: noted,
          more,
        });
        await publishStubbornly(transport, [
          { topic: topics.plates, key: 'camera', value: Buffer.from('x'), headers: {} },
        ]);
        await transport.subscribe({ topic: topics.plates, group: 'g', maxBatch: 1, maxWaitMs: 1 }, async (batch) => {
          seen.push(...batch.map(({ key }) => key));
        });
        return transport;
      };
      const inside: string[] = [];
      const outside: string[] = [];
      await using _allowed = await join(LONGEST_SESSION_MS, inside);
      await expect.poll(() => inside, patient).toEqual(['camera']);
      await using _tooLong = await join(LONGEST_SESSION_MS + 1, outside);
      await expect.poll(() => warned.join(), patient).toMatch(/session timeout is not within the range allowed/i);
      expect(outside).toEqual([]);
    },
    SLOW_START_MS,
  );

  test('topics are made with the configured partitions and retention; where they must not be, that is said', async () => {
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [...kafka.brokers], retries: 60, retryDelay: 250 });
    const { transport, topics } = await openBusOn(kafka.brokers, { prefix: uniqueName('made'), log });
    const message = { topic: topics.plates, key: 'camera', value: Buffer.from('x'), headers: {} };
    await publishStubbornly(transport, [message]);
    await transport[Symbol.asyncDispose]();
    const metadata = await admin.metadata({ topics: [topics.plates] });
    expect(metadata.topics.get(topics.plates)?.partitionsCount).toBe(4);
    const resource = { resourceType: 2 as const, resourceName: topics.plates, configurationKeys: ['retention.ms'] };
    const [described] = await admin.describeConfigs({ resources: [resource] });
    // 7 days: 7 × 24 × 3600 × 1000
    expect(described?.configs[0]?.value).toBe('604800000');
    await admin.close();
    const more = { topics: { create: false, plates: uniqueName('missing') } };
    const other = await openBusOn(kafka.brokers, { prefix: uniqueName('none'), log, more });
    await using _bus = other.transport;
    const elsewhere = { ...message, topic: other.topics.plates };
    await expect(other.transport.publish([elsewhere])).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

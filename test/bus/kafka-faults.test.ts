import { Admin } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createLog, type Log } from '../../src/base/log.ts';
import { type KafkaAddress, LONGEST_SESSION_MS, startKafkaForAll } from '../../tools/servers/kafka.ts';
import { openDoor } from '../servers/door.ts';
import { describeWith, shareKafka, uniqueName } from '../servers/servers.ts';
import { holdThroughAbsence, patient, publishStubbornly, quick, SLOW_START_MS } from './kafka-away.ts';
import { openBusOn } from './open-kafka.ts';

const log = createLog({ level: 'silent' });

describeWith(['kafka'], 'Kafka in trouble', () => {
  let kafka: KafkaAddress;
  const opened = new AsyncDisposableStack();
  beforeAll(async () => {
    // One that keeps its metadata in ZooKeeper lets in without a password only.
    kafka = inject('kafkaKind') === 'kraft' ? await shareKafka() : opened.use(await startKafkaForAll());
  }, SLOW_START_MS);
  afterAll(() => opened.disposeAsync());

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
    'a broker out of reach for a while: each connection shows it within 15 s, nothing acknowledged is lost, each key keeps its order, and who subscribes meanwhile waits for it',
    async () => {
      const { inside, outside } = kafka.door ?? { inside: '', outside: '' };
      await using door = await openDoor(`http://${inside}`, Number(outside.split(':')[1]));
      await holdThroughAbsence({ brokers: [outside], leave: door.shut, comeBack: door.open });
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

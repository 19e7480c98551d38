import { Admin, Producer } from '@platformatic/kafka';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith, startKafka, startRegistry, uniqueName } from './servers.ts';

// What the tests of the bus hold of these servers anew is held here alone, without our code.
const PATIENT = { retries: 60, retryDelay: 250 };

describeWith(['registry'], 'A registry of one’s own', () => {
  test('speaks the API of Confluent, and knows its schemas after kill -9', async () => {
    await using registry = await startRegistry();
    const register = async () => {
      const address = `${registry.url}/subjects/harness/versions`;
      const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' };
      return (await fetch(address, { method: 'POST', headers, body: '{"schema":"{\\"type\\":\\"string\\"}"}' })).json();
    };
    const first = await register();
    expect(first).toEqual({ id: expect.any(Number) });
    await registry.control.kill();
    await registry.control.restart();
    expect(await register()).toEqual(first);
  }, 120_000);
});

describeWith(['kafka'], 'A Kafka of one’s own', () => {
  let kafka: Awaited<ReturnType<typeof startKafka>>;
  beforeAll(async () => {
    kafka = await startKafka({ secure: true, heapMb: 128 });
  });
  afterAll(() => kafka?.[Symbol.asyncDispose]());

  test.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)(
    'lets in by %s over TLS whoever has the password',
    async (mechanism) => {
      const { username = '', password = '', ca = '', saslTls = [] } = kafka.secure ?? {};
      const topic = uniqueName('secure');
      const access = (secret: string) => ({
        clientId: 'harness',
        bootstrapBrokers: [...saslTls],
        tls: { ca },
        sasl: { mechanism, username, password: secret },
        retries: 0,
      });
      const admin = new Admin(access(password));
      await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 });
      await admin.close();
      const stranger = new Admin(access('wrong'));
      await expect(stranger.listTopics()).rejects.toThrow();
      await stranger.close();
    },
  );

  test('keeps its data and its port over kill -9', async () => {
    const admin = new Admin({ clientId: 'harness', bootstrapBrokers: [...kafka.brokers], ...PATIENT });
    await admin.createTopics({ topics: ['kept'], partitions: 1, replicas: 1 });
    await expect.poll(() => admin.listTopics(), { timeout: 20_000 }).toContain('kept');
    await kafka.control.kill();
    expect(kafka.control.isRunning).toBe(false);
    await kafka.control.restart();
    await expect.poll(() => admin.listTopics(), { timeout: 20_000 }).toContain('kept');
    await admin.close();
    const producer = new Producer({ clientId: 'harness', bootstrapBrokers: [...kafka.brokers], ...PATIENT });
    await producer.send({ messages: [{ topic: 'kept', value: Buffer.from('x') }] });
    await producer.close();
  });
});

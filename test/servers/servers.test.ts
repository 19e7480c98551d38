import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Admin, Producer } from '@platformatic/kafka';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  describeWith,
  shareDatabase,
  shareKafka,
  startKafka,
  startPostgres,
  startRegistry,
  uniqueName,
} from './servers.ts';

const PATIENT = { retries: 60, retryDelay: 250 };
const STACK = path.resolve(import.meta.dirname, '..', '..', 'tools', 'servers');

describeWith(['kafka'], 'The shared Kafka', () => {
  test('is one broker for all who ask, and takes topics', async () => {
    const [one, other] = await Promise.all([shareKafka(), shareKafka()]);
    expect(one.brokers).toEqual(other.brokers);
    const admin = new Admin({ clientId: 'harness', bootstrapBrokers: [...one.brokers] });
    const name = uniqueName('harness');
    await admin.createTopics({ topics: [name], partitions: 1, replicas: 1 });
    expect(await admin.listTopics()).toContain(name);
    await admin.close();
  });
});

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
    await kafka.control.kill();
    expect(kafka.control.isRunning).toBe(false);
    await kafka.control.restart();
    expect(await admin.listTopics()).toContain('kept');
    await admin.close();
    const producer = new Producer({ clientId: 'harness', bootstrapBrokers: [...kafka.brokers], ...PATIENT });
    await producer.send({ messages: [{ topic: 'kept', value: Buffer.from('x') }] });
    await producer.close();
  });
});

test('The shared PostgreSQL gives each suite an empty database of its own', async () => {
  await using one = await shareDatabase();
  await using other = await shareDatabase();
  expect(one.url).not.toBe(other.url);
  const client = new pg.Client({ connectionString: one.url });
  await client.connect();
  const { rows } = await client.query('SELECT count(*)::int AS tables FROM pg_stat_user_tables');
  await client.end();
  expect(rows).toEqual([{ tables: 0 }]);
});

test('A paused server answers nothing, and goes on when resumed', async () => {
  await using postgres = await startPostgres();
  await postgres.control.pause();
  const client = new pg.Client({ connectionString: postgres.url });
  const answer = client.connect().then(() => 'answered');
  const late = new Promise((resolve) => setTimeout(resolve, 500, 'silent'));
  expect(await Promise.race([answer, late])).toBe('silent');
  await postgres.control.resume();
  expect(await answer).toBe('answered');
  await client.end();
});

test('A server ends with the process that started it, also with one that is killed, and its data go', async () => {
  const program = `
    import { startPostgres } from '${path.join(STACK, 'postgres.ts')}';
    const { control } = await startPostgres();
    process.stdout.write(control.pid + ' ' + control.logFile);
    setInterval(() => {}, 1000);`;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) => starter.stdout.once('data', (chunk) => resolve(String(chunk))));
  const [pid, logFile = ''] = line.split(' ');
  expect(isAlive(Number(pid))).toBe(true);
  starter.kill('SIGKILL');
  await expect.poll(() => isAlive(Number(pid)) || existsSync(logFile), { timeout: 20_000 }).toBe(false);
});

/** A process that has ended and that nobody has asked about yet (a zombie) is no longer alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return existsSync(`/proc/${pid}/cwd`) || process.platform !== 'linux';
  } catch {
    return false;
  }
}

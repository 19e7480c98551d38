import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Admin } from '@platformatic/kafka';
import pg from 'pg';
import { expect, test } from 'vitest';
import { describeWith, shareDatabase, shareKafka, startPostgres, uniqueName } from './servers.ts';

const STACK = path.resolve(import.meta.dirname, '..', '..', 'tools', 'servers');

describeWith(['kafka'], 'The shared Kafka', () => {
  test('is one broker for all who ask, and takes topics', async () => {
    const [one, other] = await Promise.all([shareKafka(), shareKafka()]);
    expect(one.brokers).toEqual(other.brokers);
    const admin = new Admin({ clientId: 'harness', bootstrapBrokers: [...one.brokers] });
    const name = uniqueName('harness');
    await admin.createTopics({ topics: [name], partitions: 1, replicas: 1 });
    // The broker answers as soon as the topic is decided upon, and its own list follows a moment later.
    await expect.poll(() => admin.listTopics(), { timeout: 20_000 }).toContain(name);
    await admin.close();
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

import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { messageOf } from '../../src/base/errors.ts';
import { OLDER_POSTGRES } from './packages.ts';

/**
 * A process that owns servers for others, by HTTP: `GET <url>/<name>` starts one at the first call and gives its address as
 * JSON. `page` builds the page and gives its folder. It prints its own url and ends, servers first, when its standard input ends: thus with whoever started it. With the
 * argument `zookeeper` its Kafka is one that keeps its metadata in ZooKeeper, with `postgres-16` or `postgres-17` its
 * PostgreSQL is of that version; where TEST_DATABASE_URL names a server, that one is used instead.
 */
const withZookeeper = process.argv.includes('zookeeper');
const version = OLDER_POSTGRES.find((one) => process.argv.includes(`postgres-${one}`));

const STARTERS: Readonly<Record<string, () => Promise<AsyncDisposable & object>>> = {
  kafka: async () =>
    withZookeeper
      ? (await import('./kafka-zookeeper.ts')).startKafkaWithZookeeper()
      : (await import('./kafka.ts')).startKafkaForAll(),
  registry: async () => (await import('./registry.ts')).startRegistry(),
  opensearch: async () => (await import('./opensearch.ts')).startOpenSearch(),
  s3: async () => (await import('./s3.ts')).startS3(),
  page: async () => (await import('./page.ts')).startPage(),
  postgres: async () =>
    (await import('./databases.ts')).startDatabases({ version, given: process.env.TEST_DATABASE_URL }),
};

const started = new Map<string, Promise<AsyncDisposable & object>>();
const secret = randomBytes(16).toString('hex');

const server = createServer((request, response) => {
  const [, password, name = ''] = (request.url ?? '').split('/');
  const start = Object.hasOwn(STARTERS, name) ? STARTERS[name] : undefined;
  if (password !== secret || !start) return send(response, 404, { message: `there is no shared server "${name}"` });
  const starting = started.get(name) ?? start();
  started.set(name, starting);
  starting.then(
    (running) => send(response, 200, { ...running, control: undefined }),
    (error) => send(response, 500, { message: messageOf(error) }),
  );
});

// A connection that is closed just as a test asks over it again would fail that test.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  process.stdout.write(`http://127.0.0.1:${port}/${secret}\n`);
});

process.stdin.resume().once('end', async () => {
  server.closeAllConnections();
  server.close();
  const outcomes = await Promise.allSettled(started.values());
  await Promise.all(outcomes.map(async (one) => one.status === 'fulfilled' && one.value[Symbol.asyncDispose]()));
});

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

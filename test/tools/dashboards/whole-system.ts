import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatYaml } from '../../../src/app/config.ts';
import { createLog } from '../../../src/base/log.ts';
import { openPostgres } from '../../../src/db/postgres.ts';
import { grantReports, REPORTS_ROLE } from '../../../src/store/reports/role.ts';
import { createAuthorization } from '../../../tools/servers/api-token.ts';
import { startOpenSearch } from '../../../tools/servers/opensearch.ts';
import { findFreePorts } from '../../../tools/servers/ports.ts';
import { answers } from '../../../tools/servers/probes.ts';
import { KeptProcess } from '../../../tools/soak/kept-process.ts';
import { startKafka, startPostgres, startS3 } from '../../servers/servers.ts';
import { writePast } from './past.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'src', 'cli.ts');

export type WholeSystem = Awaited<ReturnType<typeof startWholeSystem>>;

/** Servers that the test may break, and everything of ours on them: three cameras, one of which cannot be reached. */
export async function startWholeSystem(opened: AsyncDisposableStack, folder: string) {
  const [kafka, postgres, s3, opensearch] = await Promise.all([
    startKafka(),
    startPostgres({ isDurable: false }),
    startS3(),
    startOpenSearch(),
  ]);
  for (const server of [kafka, postgres, s3, opensearch]) opened.use(server);
  const receiver = opened.use(await openReceiver());
  const [port = 0, edgePort = 0, metricsPort = 0] = await findFreePorts(3);
  const config = {
    bus: { kind: 'kafka', brokers: [...kafka.brokers], format: 'json', session_timeout_ms: 6000 },
    database: { kind: 'postgres', url: postgres.url, pool_size: 6 },
    images: {
      kind: 's3',
      endpoint: s3.endpoint,
      region: s3.region,
      bucket: 'alpr',
      access_key_id: s3.accessKeyId,
      secret_access_key: s3.secretAccessKey,
      timeout_ms: 10_000,
    },
    search: { kind: 'opensearch', nodes: [opensearch.url], replicas: 0 },
    channels: { allow: ['127.0.0.1'] },
    alerts: { rules_file: join(folder, 'rules.yaml'), delivery: { retry_max_ms: 1000, pause_ms: 1000 } },
    server: { port },
    health: { alerts: 0, edge: edgePort },
    metrics: { port: metricsPort, report_seconds: 1 },
  };
  await writeFile(join(folder, 'rules.yaml'), formatYaml(rulesFor(receiver.url)));
  // Cameras have a process of their own, so that these services answer while frames are looked at.
  for (const [name, cameras] of [
    ['start', []],
    ['edge', CAMERAS],
    ['metrics-consumer', []],
  ] as const) {
    const file = join(folder, `${name}.yaml`);
    await mkdir(join(folder, name));
    await writeFile(file, formatYaml({ data: join(folder, name), cameras: [...cameras], ...config }));
    const args = [PROGRAM, '--config', file, name];
    const kept = opened.use(new KeptProcess({ name, args, logFile: join(folder, `${name}.log`) }));
    await kept.restart();
  }
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(`${url}/health/live`, [200]).catch(() => false))) await sleep(200);
  const authorization = await createAuthorization(['--config', join(folder, 'start.yaml')]);
  const reportsUrl = await prepareDatabase(postgres.url);
  return {
    kafka,
    postgres,
    s3,
    opensearch,
    receiver,
    url,
    reportsUrl,
    authorization,
    edge: `127.0.0.1:${edgePort}`,
    metrics: `127.0.0.1:${metricsPort}`,
  };
}

const simulated = { kind: 'simulator', passages_per_minute: 40, fps: 2 };
const CAMERAS = [
  // So fast that frames are dropped on a machine without other work, too.
  { id: 'north', ...simulated, seed: 3, fps: 60 },
  // So small that plates are seen and not read.
  { id: 'far', ...simulated, seed: 5, lanes: 3, width: 480, height: 270, passages_per_minute: 120 },
  { id: 'away', kind: 'http', url: 'http://127.0.0.1:1/stream.mjpg', restart: { first_ms: 200, max_ms: 500 } },
];

const rulesFor = (url: string) => ({
  channels: [
    { id: 'gate', name: 'Gate', kind: 'webhook', url: `${url}taken`, ordered: false, per_minute: 10_000 },
    { id: 'desk', name: 'Desk', kind: 'webhook', url: `${url}refused`, ordered: false, per_minute: 10_000 },
    { id: 'log', name: 'Log', kind: 'webhook', url: `${url}failed`, ordered: false, per_minute: 10_000 },
  ],
  rules: [
    { id: 'every', name: 'Every passage', match: { every_passage: true }, channels: ['gate'] },
    {
      id: 'north',
      name: 'The north',
      severity: 'critical',
      match: { every_passage: true },
      when: { camera: 'north' },
      cooldown: { for: '20s', per: 'rule' },
      channels: ['desk', 'log'],
    },
  ],
});

/** Two weeks of reads, and the role under which Grafana asks; its address. */
async function prepareDatabase(url: string): Promise<string> {
  const log = createLog({ level: 'silent' });
  await using sql = await openPostgres({ connectionString: url, poolSize: 1, log });
  await writePast(sql, Date.now());
  const password = randomBytes(12).toString('hex');
  await grantReports(sql, { password, withPlates: true });
  return Object.assign(new URL(url), { username: REPORTS_ROLE, password }).href;
}

/** The other side of the channels, which takes, refuses for good, or fails as the path says. */
async function openReceiver(): Promise<Readonly<{ url: string }> & AsyncDisposable> {
  const status: Readonly<Record<string, number>> = { '/taken': 200, '/refused': 410, '/failed': 503 };
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status[request.url ?? ''] ?? 404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  if (typeof at !== 'object' || at === null) throw new Error('expected a port');
  return {
    url: `http://127.0.0.1:${at.port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { createProgram } from '../../src/commands/program.ts';
import { COMPOSE, fillIn, readComposition, readEnvFile, type Service } from './composition.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const DEPLOY = path.join(ROOT, 'deploy');
const { text, images, services, volumes: kept } = readComposition();
const folder = mkdtempSync(path.join(tmpdir(), 'alpr-deploy-'));
/** What of .env is no secret. */
const CHOICES = ['COMPOSE_PROFILES', 'SEARCH', 'KAFKA', 'INSIDE'];

afterAll(() => rmSync(folder, { recursive: true }));

/** What of the machine may be seen by what looks on; all of it is read only. */
const HOST = ['/', '/var/run', '/sys', '/var/lib/docker', '/var/run/docker.sock', '/var/log/journal'];

copyFileSync(path.join(DEPLOY, 'create-secrets.sh'), path.join(folder, 'create-secrets.sh'));
createSecrets();
const choices = readEnvFile(path.join(folder, '.env'));
const secrets = new Map([...choices].filter(([name]) => !CHOICES.includes(name)));

function createSecrets(): void {
  execFileSync('sh', [path.join(folder, 'create-secrets.sh')], { stdio: 'ignore' });
}

function readLines(): string[] {
  return readFileSync(path.join(folder, '.env'), 'utf8').trim().split('\n');
}

test('The secrets are long, all different, for their owner alone, and made once', () => {
  expect(new Set(secrets.values()).size).toBe(secrets.size);
  for (const value of secrets.values()) expect(value).toMatch(/^[A-Za-z0-9-]{20,}$/);
  expect(statSync(path.join(folder, '.env')).mode & 0o077).toBe(0);
  const before = readLines();
  expect(createSecrets).toThrow();
  expect(readLines()).toEqual(before);
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('A file of secrets from before an update gets those that are new, and keeps the others', () => {
  const file = path.join(folder, '.env');
  const whole = readLines();
  writeFileSync(
    file,
    whole
      .filter((line) => !line.startsWith('GRAFANA_'))
      .join('\n')
      .concat('\n'),
    { mode: 0o600 },
  );
  createSecrets();
  expect(readLines().filter((line) => !whole.includes(line))).toEqual([expect.stringMatching(/^GRAFANA_PASSWORD=k/)]);
  expect(readLines().filter((line) => whole.includes(line))).toHaveLength(whole.length - 1);
  expect(statSync(file).mode & 0o077).toBe(0);
  writeFileSync(file, whole.join('\n').concat('\n'));
});

test('Every variable is one of the secrets, every secret is used, and without it compose refuses', () => {
  // "$$" is a dollar for the container's own shell.
  const variables = [...text.replaceAll('$$', '').matchAll(/\$\{([A-Z0-9_]+)([^}]*)\}/g)];
  const ofSecrets = variables.filter(([, name = '']) => !images.has(name) && name !== 'SEARCH');
  expect(new Set(ofSecrets.map(([, name]) => name))).toEqual(new Set(secrets.keys()));
  expect(ofSecrets.filter(([, , refusal]) => !refusal?.startsWith(':?'))).toEqual([]);
  expect(text.replaceAll('$$', '').match(/\$(?!\{)/g)).toBeNull();
});

test('No password stands in any file of the deployment', () => {
  for (const { environment } of services.values()) {
    for (const [name, value] of Object.entries(environment)) {
      if (
        /PASS(WORD)?$|SECRET|ACCESS_KEY|JAAS|URL$|STORE_URI$/.test(name) &&
        !/(DATASOURCE|REGISTRY|ENDPOINT)_?URL$/.test(name)
      ) {
        expect(String(value), name).toMatch(/\$\{[A-Z0-9_]+:\?/);
      }
    }
  }
  expect(
    existsSync(path.join(ROOT, '.git')) && execFileSync('git', ['check-ignore', 'deploy/.env'], { cwd: ROOT }),
  ).toBeTruthy();
});

test('Services wait for services that there are and that have a health check, and name volumes that there are', () => {
  for (const [name, { depends_on = {}, volumes = [] }] of services) {
    for (const [other, { condition }] of Object.entries(depends_on)) {
      if (condition === 'service_healthy') {
        expect(services.get(other)?.healthcheck, `${name} → ${other}`).toHaveProperty('test');
      } else expect(services.get(other)?.restart, `${name} → ${other}`).toBe('no');
    }
    for (const volume of volumes.map((one) => one.split(':')[0] ?? '')) {
      if (volume.startsWith('/')) expect(HOST, `${name}: ${volume}`).toContain(volume);
      else if (volume.startsWith('.')) expect(existsSync(path.join(COMPOSE, volume)), volume).toBe(true);
      else expect(kept, name).toContain(volume);
    }
  }
});

test('Each service has limits on memory and processes, and writes only where its file says', () => {
  const writable = [...services].filter(([, one]) => !one.read_only || one.cap_add).map(([name]) => name);
  expect(writable.toSorted()).toEqual(['metabase', 'opensearch', 'opensearch-dashboards']);
  const core = [...services.values()].filter(({ profiles }) => profiles[0] === 'core');
  expect(core.reduce((sum, { mem_limit }) => sum + Number.parseInt(mem_limit, 10), 0)).toBeLessThanOrEqual(4096);
  const published = [...services.values()].flatMap(({ ports = [] }) => ports.map((port) => port.split(':')[1]));
  expect(new Set(published).size).toBe(published.length);
});

test('With KAFKA=zookeeper Kafka is one that can, and waits for it', () => {
  const chosen = readComposition({ KAFKA: 'zookeeper' }).services;
  expect(chosen.get('kafka')).toMatchObject({
    image: images.get('KAFKA_ZOOKEEPER_IMAGE'),
    environment: { KAFKA_ZOOKEEPER_CONNECT: 'zookeeper:2181' },
    depends_on: { zookeeper: { condition: 'service_healthy' } },
  });
  expect(chosen.get('kafka')?.environment).not.toHaveProperty('KAFKA_PROCESS_ROLES');
  expect(chosen.get('zookeeper')?.ports).toEqual(['127.0.0.1:2181:2181']);
});

test('With INSIDE=tls every server has the certificate, and each of ours asks for TLS', () => {
  const chosen = readComposition({ INSIDE: 'tls' }).services;
  for (const name of ['kafka', 'registry', 'timescaledb', 'minio']) {
    expect(chosen.get(name)?.volumes, name).toContain('tls:/tls:ro');
    expect(chosen.get(name)?.depends_on, name).toHaveProperty('certificates');
  }
  for (const name of ['ingest', 'index', 'alerts', 'metrics-consumer', 'serve', 'edge', 'tokens']) {
    const { bus, database, images: pictures } = readOurConfig(name, 'postgres', chosen);
    expect(bus).toMatchObject({ tls: {}, registry: { url: expect.stringMatching(/^https:/) } });
    expect(database).toHaveProperty('tls');
    expect(pictures).toMatchObject({ endpoint: expect.stringMatching(/^https:/) });
  }
});

test('The page of services lists each one with its profile and its published ports', () => {
  const page = readFileSync(path.join(ROOT, 'docs', 'reference', 'services.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([\w-]+)` \| `(\w+)` \| ([^|]*) \|/gm)];
  const shown = rows.map(([, name, profile, ports = '']) => [name, profile, (ports.match(/\d+/g) ?? []).map(Number)]);
  const expected = [...readComposition({ KAFKA: 'zookeeper', INSIDE: 'tls' }).services].map(([name, one]) => {
    return [name, one.profiles[0], listPorts(one)];
  });
  expect(new Map(shown.map((row) => [row[0], row]))).toEqual(new Map(expected.map((row) => [row[0], row])));
});

test('Monitoring mounts the machine read-only and listens on 127.0.0.1', () => {
  const looking = [...services].filter(([, { profiles }]) => profiles[0] === 'observe');
  for (const [name, { volumes = [], network_mode, command = [], environment }] of looking) {
    for (const volume of volumes.filter((one) => /^[./]/.test(one))) expect(volume, name).toMatch(/:ro(,rslave)?$/);
    if (network_mode !== 'host' || name === 'tokens') continue;
    const listens = [...command, ...Object.values(environment)].join(' ').match(/127\.0\.0\.1/);
    expect(listens, name).not.toBeNull();
  }
  const targets = readFileSync(path.join(DEPLOY, 'prometheus', 'prometheus.yaml'), 'utf8').match(/127\.0\.0\.1:\d+/g);
  const ports = JSON.stringify([looking, services.get('minio'), readHealthPorts()]);
  for (const target of targets ?? []) {
    const port = target.split(':')[1] ?? '';
    // The blackbox exporter is another machine's or one's own.
    if (port !== '9115') expect(ports, target).toMatch(new RegExp(`[^0-9]${port}[^0-9]`));
  }
});

test.each(['postgres', 'opensearch'])('The configuration of ours fits with search in %s', (search) => {
  const config = readOurConfig('ingest', search);
  expect(config.database).toMatchObject({
    kind: 'postgres',
    url: expect.stringContaining(secrets.get('DATABASE_PASSWORD') ?? '?'),
  });
  expect(config.bus).toMatchObject({ kind: 'kafka', sasl: { password: secrets.get('KAFKA_PASSWORD') } });
  expect(config.images).toMatchObject({ kind: 's3', secret_access_key: secrets.get('S3_SECRET_ACCESS_KEY') });
  const password = search === 'opensearch' ? { password: secrets.get('OPENSEARCH_PASSWORD') } : {};
  expect(config.search).toMatchObject({ kind: search, ...password });
});

test('Services that decrypt secrets of the page share one key file, and each of ours is checked on its health port', () => {
  const { accounts, health, metrics, server } = readOurConfig('serve', 'postgres');
  expect(path.dirname(accounts.key_file)).toBe('/keys');
  for (const name of ['serve', 'alerts', 'edge']) expect(services.get(name)?.volumes, name).toContain('keys:/keys');
  expect(Object.fromEntries(readHealthPorts())).toEqual({
    ...{ edge: health.edge, ingest: health.ingest, index: health.index, alerts: health.alerts },
    ...{ 'metrics-consumer': metrics.port, serve: server.port },
  });
});

test('A tag that was moved to another image is reported, and the others are recorded once', () => {
  const bin = path.join(folder, 'bin');
  const digests = path.join(folder, 'digests.env');
  mkdirSync(path.join(folder, 'compose'));
  mkdirSync(bin);
  for (const name of ['record-digests.sh', 'images.env']) {
    copyFileSync(path.join(COMPOSE, name), path.join(folder, 'compose', name));
  }
  const record = (digest: string) => {
    // Says what `docker image inspect` says of Kafka; the others were not pulled.
    const script = `#!/bin/sh\ncase "$5" in apache/*) echo "apache/kafka@sha256:${digest}" ;; *) exit 1 ;; esac\n`;
    writeFileSync(path.join(bin, 'docker'), script, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env.PATH}` };
    return spawnSync('sh', [path.join(folder, 'compose', 'record-digests.sh')], { env, encoding: 'utf8' });
  };
  const recorded = `KAFKA_IMAGE=${images.get('KAFKA_IMAGE')}@sha256:aaa\n`;
  for (const _ of ['first', 'second']) {
    expect(record('aaa').status).toBe(0);
    expect(readFileSync(digests, 'utf8')).toBe(recorded);
  }
  expect(record('bbb')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('expected sha256:aaa, got sha256:bbb'),
  });
  expect(readFileSync(digests, 'utf8')).toBe(recorded);
});

test('Our services are commands of the program, and what the image copies is there', () => {
  const commands = createProgram().commands.map((command) => command.name());
  for (const { image, command, entrypoint } of services.values()) {
    if (image.startsWith('ovr-alpr:') && !entrypoint) expect(commands).toContain(command?.[0]);
  }
  const dockerfile = readFileSync(path.join(DEPLOY, 'Dockerfile'), 'utf8');
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) => names.split(' '));
  const sent = readFileSync(path.join(DEPLOY, 'Dockerfile.dockerignore'), 'utf8').split('\n');
  for (const name of copied) {
    expect(existsSync(path.join(ROOT, name)), name).toBe(true);
    expect(sent).toContain(`!${name.split('/')[0]}`);
  }
  const { version, dependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  expect(services.get('serve')?.image).toBe(`ovr-alpr:${version}`);
  expect(dockerfile).toContain(`NODE_IMAGE=node:${dependencies.node}-`);
});

/** What a service of ours is told: the file, its environment, and where to search. */
function readOurConfig(name: string, search: string, chosen = services) {
  const { env_file: [file = ''] = [], environment = {} } = chosen.get(name) ?? {};
  const found = readEnvFile(path.join(COMPOSE, fillIn(file, new Map([['SEARCH', search]]))));
  const told = [...found, ...Object.entries(environment)].map(([key, value]) => [key, fillIn(String(value), secrets)]);
  return loadConfig({ file: path.join(DEPLOY, 'alpr.yaml'), environment: Object.fromEntries(told), settings: [] });
}

/** Ports of 127.0.0.1: those that are published, and those of a process on the host's network. */
function listPorts({ ports = [], command = [], environment, network_mode }: Service): readonly number[] {
  if (network_mode !== 'host') return ports.map((port) => Number(port.split(':')[1]));
  const own = command.join(' ').match(/(?<=listen-address=127\.0\.0\.1:|--port=)\d+/g) ?? [];
  const grafana = environment.GF_SERVER_HTTP_ADDR === undefined ? [] : [3000];
  return [
    ...own.map(Number),
    ...(environment.HEALTH_PORT === undefined ? [] : [Number(environment.HEALTH_PORT)]),
    ...grafana,
  ];
}

function readHealthPorts(): readonly (readonly [string, number])[] {
  return [...services].flatMap(([name, { environment }]) => {
    return environment.HEALTH_PORT === undefined ? [] : [[name, Number(environment.HEALTH_PORT)] as const];
  });
}

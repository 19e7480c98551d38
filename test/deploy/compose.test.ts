import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
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
import { parse } from 'yaml';
import { z } from 'zod';
import { loadConfig } from '../../src/app/config.ts';
import { createProgram } from '../../src/commands/program.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const DEPLOY = path.join(ROOT, 'deploy');
const text = readFileSync(path.join(DEPLOY, 'compose.yaml'), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'alpr-deploy-'));

afterAll(() => rmSync(folder, { recursive: true }));

const health = z.union([
  z.strictObject({ disable: z.literal(true) }),
  z.strictObject({ test: z.array(z.string()).min(2), interval: z.string(), timeout: z.string(), retries: z.int() }),
]);

/** The fields of a service that are used; a name that is mistyped is none of them. */
const service = z.strictObject({
  image: z
    .string()
    .regex(/^[a-z0-9./-]+:[A-Za-z0-9][A-Za-z0-9._-]*$/)
    .refine((image) => !image.endsWith(':latest')),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  profiles: z.tuple([z.enum(['observe', 'mlops'])]).optional(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  restart: z.enum(['unless-stopped', 'no']),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  logging: z.strictObject({ driver: z.literal('local') }),
  network_mode: z.literal('host').optional(),
  pid: z.literal('host').optional(),
  devices: z.tuple([z.literal('/dev/kmsg:/dev/kmsg')]).optional(),
  read_only: z.literal(true).optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  init: z.literal(true).optional(),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)).optional(),
  volumes: z.array(z.string()).optional(),
  shm_size: z.string().optional(),
  ulimits: z.record(z.string(), z.strictObject({ soft: z.int(), hard: z.int() })).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  depends_on: z
    .record(z.string(), z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }))
    .optional(),
  healthcheck: health,
});

const compose = z
  .looseObject({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.null()) })
  .parse(parse(text, { merge: true, maxAliasCount: -1 }));

/** What of the machine may be seen by what looks on; all of it is read only. */
const HOST = ['/', '/var/run', '/sys', '/var/lib/docker', '/var/run/docker.sock', '/var/log/journal'];

function createEnvFile(): Record<string, string> {
  copyFileSync(path.join(DEPLOY, 'create-secrets.sh'), path.join(folder, 'create-secrets.sh'));
  execFileSync('sh', [path.join(folder, 'create-secrets.sh')], { stdio: 'ignore' });
  return Object.fromEntries(readEnvFile().map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]));
}

function readEnvFile(): string[] {
  return readFileSync(path.join(folder, '.env'), 'utf8').trim().split('\n');
}

const secrets = createEnvFile();

test('The secrets are long, all different, for their owner alone, and made once', () => {
  expect(new Set(Object.values(secrets)).size).toBe(Object.keys(secrets).length);
  for (const value of Object.values(secrets)) expect(value).toMatch(/^[A-Za-z0-9-]{20,}$/);
  expect(statSync(path.join(folder, '.env')).mode & 0o077).toBe(0);
  const before = readEnvFile();
  expect(() => execFileSync('sh', [path.join(folder, 'create-secrets.sh')], { stdio: 'ignore' })).toThrow();
  expect(readEnvFile()).toEqual(before);
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('A file of secrets from before an update gets those that are new, and keeps the others', () => {
  const file = path.join(folder, '.env');
  const whole = readEnvFile();
  writeFileSync(
    file,
    whole
      .filter((line) => !line.startsWith('GRAFANA_'))
      .join('\n')
      .concat('\n'),
    { mode: 0o600 },
  );
  execFileSync('sh', [path.join(folder, 'create-secrets.sh')], { stdio: 'ignore' });
  expect(readEnvFile().filter((line) => !whole.includes(line))).toEqual([expect.stringMatching(/^GRAFANA_PASSWORD=k/)]);
  expect(readEnvFile().filter((line) => whole.includes(line))).toHaveLength(whole.length - 1);
  expect(statSync(file).mode & 0o077).toBe(0);
  writeFileSync(file, whole.join('\n').concat('\n'));
});

test('Every variable is one of the secrets, every secret is used, and without it compose refuses', () => {
  // "$$" is a dollar for the container's own shell.
  const variables = [...text.replaceAll('$$', '').matchAll(/\$\{([A-Z0-9_]+)([^}]*)\}/g)];
  expect(new Set(variables.map(([, name]) => name))).toEqual(new Set(Object.keys(secrets)));
  expect(variables.filter(([, , refusal]) => !refusal?.startsWith(':?'))).toEqual([]);
  expect(text.replaceAll('$$', '').match(/\$(?!\{)/g)).toBeNull();
});

test('No password stands in any file of the deployment', () => {
  for (const { environment } of Object.values(compose.services)) {
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
  for (const [name, { depends_on = {}, volumes = [] }] of Object.entries(compose.services)) {
    for (const [other, { condition }] of Object.entries(depends_on)) {
      if (condition === 'service_healthy') {
        expect(compose.services[other]?.healthcheck, `${name} → ${other}`).toHaveProperty('test');
      } else expect(compose.services[other]?.restart, `${name} → ${other}`).toBe('no');
    }
    for (const volume of volumes.map((one) => one.split(':')[0] ?? '')) {
      if (volume.startsWith('/')) expect(HOST, `${name}: ${volume}`).toContain(volume);
      else if (volume.startsWith('./')) expect(existsSync(path.join(DEPLOY, volume)), volume).toBe(true);
      else expect(Object.keys(compose.volumes), name).toContain(volume);
    }
  }
});

test('Whoever looks on starts with the profile alone, reads the machine without changing it, and listens on 127.0.0.1', () => {
  const looking = Object.entries(compose.services).filter(([, { profiles }]) => profiles?.[0] === 'observe');
  expect(looking.map(([name]) => name)).toEqual([
    ...['tokens', 'prometheus', 'alertmanager', 'node-exporter', 'postgres-exporter', 'kafka-exporter', 'cadvisor'],
    ...['grafana', 'loki', 'tempo', 'alloy', 'metabase'],
  ]);
  for (const [name, { volumes = [], network_mode, command = [], environment }] of looking) {
    for (const volume of volumes.filter((one) => /^[./]/.test(one))) expect(volume, name).toMatch(/:ro(,rslave)?$/);
    if (network_mode !== 'host' || name === 'tokens') continue;
    const listens = [...command, ...Object.values(environment)].join(' ').match(/127\.0\.0\.1/);
    expect(listens, name).not.toBeNull();
  }
  const targets = readFileSync(path.join(DEPLOY, 'prometheus', 'prometheus.yaml'), 'utf8').match(/127\.0\.0\.1:\d+/g);
  const ports = JSON.stringify([looking, compose.services.minio, compose.services.serve, readConfigPorts()]);
  for (const target of targets ?? []) {
    const port = target.split(':')[1] ?? '';
    // The blackbox exporter is another machine's or one's own.
    if (port !== '9115') expect(ports, target).toMatch(new RegExp(`[^0-9]${port}[^0-9]`));
  }
});

test('The configuration of ours fits its schema with the environment that compose gives', () => {
  const environment = Object.fromEntries(
    Object.entries(compose.services.ingest?.environment ?? {}).map(([name, value]) => [
      name,
      interpolate(String(value)),
    ]),
  );
  const config = loadConfig({ file: path.join(DEPLOY, 'alpr.yaml'), environment, settings: [] });
  expect(config.database).toMatchObject({
    kind: 'postgres',
    url: expect.stringContaining(secrets.DATABASE_PASSWORD ?? '?'),
  });
  expect(config.bus).toMatchObject({ kind: 'kafka', format: 'avro', sasl: { password: secrets.KAFKA_PASSWORD } });
  expect(config.images).toMatchObject({ kind: 's3', secret_access_key: secrets.S3_SECRET_ACCESS_KEY });
  expect(config.search).toMatchObject({ kind: 'opensearch', password: secrets.OPENSEARCH_PASSWORD });
});

test('Whoever opens what the page sealed has the one key file, and alerts are asked for their health on their port', () => {
  const environment = { ALPR_DATABASE__URL: 'postgres://127.0.0.1/alpr' };
  const secretless = [
    'bus.sasl.password=x',
    'images.access_key_id=x',
    'images.secret_access_key=x',
    'search.password=x',
  ];
  const config = loadConfig({ file: path.join(DEPLOY, 'alpr.yaml'), environment, settings: secretless });
  expect(path.dirname(config.accounts.key_file)).toBe('/keys');
  for (const name of ['serve', 'alerts', 'edge']) expect(compose.services[name]?.volumes, name).toContain('keys:/keys');
  const check = compose.services.alerts?.healthcheck;
  expect(check && 'test' in check && check.test.join(' ')).toContain(`:${config.health.alerts}/health'`);
});

test('Our services are commands of the program, and what the image copies is there', () => {
  const commands = createProgram().commands.map((command) => command.name());
  for (const { image, command, entrypoint } of Object.values(compose.services)) {
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
  expect(compose.services.serve?.image).toBe(`ovr-alpr:${version}`);
  expect(dockerfile).toContain(`NODE_IMAGE=node:${dependencies.node}-`);
});

function readConfigPorts(): string {
  const { health } = parse(readFileSync(path.join(DEPLOY, 'alpr.yaml'), 'utf8'));
  return ` ${Object.values(health).join(' ')} 9464 `;
}

function interpolate(value: string): string {
  return value.replaceAll(/\$\{([A-Z0-9_]+):\?[^}]*\}/g, (_, name) => secrets[name] ?? '');
}

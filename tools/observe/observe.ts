import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringifyYaml } from '../../src/base/yaml.ts';
import { findFreePorts } from '../servers/ports.ts';
import { mergeSettings, type StackName, type StackPart, startPart } from '../servers/running.ts';
import type { ServerControl } from '../servers/server.ts';
import { startAlertmanager } from './alertmanager.ts';
import { startExporters } from './exporters.ts';
import { startPrometheus } from './prometheus.ts';
import { hastenRules, RULES } from './rules.ts';
import { createToken, startService } from './services.ts';
import { createAlertmanagerSettings, createPrometheusSettings, type Target } from './settings.ts';

type ObserveOptions = Readonly<{
  /** Where everything is kept. */
  folder: string;
  servers: readonly StackName[];
  /** Parts of the configuration of the program. */
  settings: Readonly<Record<string, unknown>>;
  /** How many times shorter the spans of alarms are than those that are shipped; 1 unless told. */
  faster?: number;
  /** What Prometheus measured before, as OpenMetrics. */
  history?: string;
  say: (line: string) => void;
}>;

type ServiceName = 'ingest' | 'index' | 'alerts' | 'metrics-consumer' | 'serve' | 'edge';

/** The whole system at work, and what looks on. */
export type Observed = Readonly<{
  parts: readonly StackPart[];
  services: ReadonlyMap<string, ServerControl>;
  configFile: string;
  /** Names and addresses for people. */
  addresses: readonly Readonly<{ title: string; address: string }>[];
  api: string;
  prometheus: string;
  alertmanager: string;
}>;

/** Starts the servers, our processes, exporters, Prometheus and Alertmanager; `opened` closes them, the last one first. */
export async function startObserved(opened: AsyncDisposableStack, options: ObserveOptions): Promise<Observed> {
  const { folder, say, faster = 1 } = options;
  await mkdir(folder, { recursive: true, mode: 0o711 });
  say(`Starting ${options.servers.join(', ')} …`);
  const parts = await startParts(opened, options);
  const ports = await choosePorts(options.servers);
  const configFile = join(folder, 'alpr.yaml');
  await writeFile(configFile, stringifyYaml(createSettings(parts, ports, options)), { mode: 0o600 });
  const services = new Map<string, ServerControl>();
  for (const [name, port] of ports) {
    say(`Starting alpr ${name} …`);
    services.set(name, opened.use(await startService({ name, folder, configFile, port })));
  }
  say('Starting exporters, Alertmanager and Prometheus …');
  const tokens = await keepTokens(folder, configFile);
  const addressOf = (name: StackName) => parts.find((part) => part.name === name)?.address;
  const exporters = await startExporters(opened, folder, {
    postgres: addressOf('postgres'),
    opensearch: addressOf('opensearch'),
  });
  const api = `http://127.0.0.1:${ports.get('serve')}`;
  const alertmanager = opened.use(
    await startAlertmanager({
      folder: join(folder, 'alertmanager'),
      config: await createAlertmanagerSettings({ api, tokenFile: tokens.alarms, isHasty: faster > 1 }),
    }),
  );
  const prometheus = opened.use(
    await startPrometheus({
      folder: join(folder, 'prometheus'),
      rules: faster > 1 ? await hastenRules(join(folder, 'rules'), faster) : RULES,
      ...(options.history && { history: options.history }),
      config: await createPrometheusSettings({
        targets: listTargets(ports, exporters),
        tokenFile: tokens.metrics,
        alertmanager: alertmanager.url,
        pages: [`${api}/health/live`],
        every: faster > 1 ? 2 : 15,
      }),
    }),
  );
  const addresses = [
    ...parts.map(({ title, address }) => ({ title, address })),
    ...exporters.map(({ name, port }) => ({ title: `${name} exporter`, address: `http://127.0.0.1:${port}/metrics` })),
    { title: 'Alertmanager', address: alertmanager.url },
    { title: 'Prometheus', address: prometheus.url },
    { title: 'The page', address: api },
  ];
  const urls = { api, prometheus: prometheus.url, alertmanager: alertmanager.url };
  return { parts, services, configFile, addresses, ...urls };
}

async function startParts(opened: AsyncDisposableStack, { folder, servers }: ObserveOptions) {
  const outcomes = await Promise.allSettled(servers.map((name) => startPart(name, folder)));
  const parts = outcomes.filter((one) => one.status === 'fulfilled').map(({ value }) => opened.use(value));
  for (const one of outcomes) if (one.status === 'rejected') throw one.reason;
  return parts;
}

/** Consumers before producers. */
async function choosePorts(servers: readonly StackName[]): Promise<ReadonlyMap<ServiceName, number>> {
  const names: readonly ServiceName[] = [
    'ingest',
    ...(servers.includes('opensearch') ? (['index'] as const) : []),
    ...(['alerts', 'metrics-consumer', 'serve', 'edge'] as const),
  ];
  const free = await findFreePorts(names.length);
  return new Map(names.map((name, at) => [name, free[at] ?? 0]));
}

function createSettings(
  parts: readonly StackPart[],
  ports: ReadonlyMap<ServiceName, number>,
  { folder, settings, faster = 1 }: ObserveOptions,
): Record<string, unknown> {
  return {
    ...mergeSettings(parts, join(folder, 'alpr')),
    site: { id: 'home' },
    server: { port: ports.get('serve') },
    metrics: { port: ports.get('metrics-consumer'), report_seconds: faster > 1 ? 1 : 15 },
    health: Object.fromEntries(['edge', 'ingest', 'index', 'alerts'].flatMap((name) => portOf(ports, name))),
    ...settings,
  };
}

function portOf(ports: ReadonlyMap<string, number>, name: string): readonly (readonly [string, number])[] {
  const port = ports.get(name);
  return port === undefined ? [] : [[name, port]];
}

async function keepTokens(folder: string, configFile: string) {
  const tokens = { metrics: join(folder, 'token-metrics'), alarms: join(folder, 'token-alarms') };
  for (const [permission, file] of Object.entries(tokens)) {
    await writeFile(file, await createToken(configFile, permission), { mode: 0o600 });
  }
  return tokens;
}

function listTargets(
  ports: ReadonlyMap<ServiceName, number>,
  exporters: readonly Readonly<{ name: string; port: number }>[],
): readonly Target[] {
  const jobOf = (service: string) =>
    service === 'metrics-consumer' ? 'alpr' : service === 'serve' ? 'alpr-serve' : 'alpr-processes';
  const ours = [...ports].map(([service, port]) => ({ job: jobOf(service), port, service }));
  return [...ours, ...exporters.map(({ name, port }) => ({ job: name, port }))];
}

import { join } from 'node:path';
import type { Log } from '../base/log.ts';
import { makeFolder } from '../base/make-folder.ts';
import { openQuietLog } from '../base/quiet-log.ts';
import type { RunningService } from '../base/service.ts';
import { Health } from '../telemetry/health.ts';
import { openHealthServer } from '../telemetry/health-server.ts';
import { LogRing, type LogTail } from '../telemetry/log-ring.ts';
import { reportMetrics } from '../telemetry/report-metrics.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { openTracing } from '../telemetry/tracing/open.ts';
import { checkDisk } from './check-disk.ts';
import type { Config } from './config.ts';
import { createProcessMetrics } from './metrics.ts';
import type { Vision } from './open-vision.ts';
import { createOpeners, type Openers, type ResourceName, type Resources } from './resources.ts';
import type { AnyService } from './services.ts';
import { Supervisor } from './supervisor.ts';
import { PROGRAM_FOLDER, VERSION } from './version.ts';

/** The services of one process at work. */
export type RunningServices = AsyncDisposable &
  Readonly<{
    byName: ReadonlyMap<string, RunningService>;
    /** Rejects when one of them cannot go on; it never resolves. */
    failed: Promise<never>;
  }>;

type RunOptions = Readonly<{
  config: Config;
  /** Name of the command, under which metrics are reported. */
  command: string;
  services: readonly AnyService[];
  log: Log;
  /** What the log wrote last; without it the page shows no lines. */
  logTail?: LogTail;
  /** How long a database that does not answer may hold up the stop, milliseconds. */
  graceMs?: number;
}>;

/** Longer than a batch takes to be written, and short enough for a supervisor that kills after 20 or 30 seconds. */
const GRACE_MS = 10_000;

/** Runs services until a signal, until one of them cannot go on, or until the one that gave the command its name has ended. */
export async function runServices(
  options: RunOptions & Readonly<{ onReady: (running: RunningServices) => void }>,
): Promise<void> {
  await using running = await openServices(options);
  const ended = running.byName.get(options.command)?.ended;
  const log = options.log.child({ service: options.command, site: options.config.site.id });
  // Whoever reads that it is ready may tell it to end at once.
  const told = waitForSignal(log);
  options.onReady(running);
  await Promise.race([told, running.failed, ...(ended ? [ended] : [])]);
}

/** Opens what the services need, then the services in their order. Disposal stops them in the opposite order. */
export async function openServices({
  config,
  command,
  services,
  graceMs = GRACE_MS,
  logTail = new LogRing(),
  ...given
}: RunOptions): Promise<RunningServices> {
  for (const service of services) await service.check?.(config);
  if (services.some((service) => keepsFiles(service, config))) await makeFolder(config.data, { mode: 0o711 });
  await using opened = new AsyncDisposableStack();
  const quiet = opened.use(openQuietLog(given.log));
  const logOf = (service: string) => quiet.child({ service, site: config.site.id });
  const log = logOf(command);
  const telemetry = new Telemetry();
  // Closed after everything that may still have something to tell.
  const tracing = opened.use(
    await openTracing({ config: config.tracing, site: config.site.id, version: VERSION, telemetry, log }),
  );
  const metrics = createProcessMetrics(telemetry);
  metrics.build.set({ version: VERSION }, 1);
  metrics.started.set(telemetry.startedAt.getTime() / 1000);
  const healths = new Map(services.map((service) => [service, new Health(logOf(service.name))]));
  const disk = () => checkDisk(config.data, config.edge.reserve_bytes);
  for (const [service, health] of healths) {
    if (keepsFiles(service, config)) health.add({ name: 'disk', dependence: 'useful', check: disk });
    if (service.name === command) opened.use(await openOwnHealth({ config, service: command, health, telemetry, log }));
  }
  const giveUp = new AbortController();
  const cutOff = new AbortController();
  const openers = createOpeners({
    signal: giveUp.signal,
    cutOff: cutOff.signal,
    config,
    command,
    telemetry,
    tracing: tracing.of(command),
    log,
    opened,
    requiredGroups: services.flatMap(({ groups }) => groups),
    takesPictures: services.some(({ needs }) => 'cameras' in needs),
    onPart: (resource, part) => {
      for (const [{ needs }, health] of healths) {
        const dependence = needs[resource];
        if (dependence !== undefined) health.add({ dependence, ...part });
      }
    },
  });
  const resources = await openNeeds(openers, services, giveUp);
  const { vision } = resources;
  if (vision) showModels(vision, metrics);
  const context = {
    config,
    telemetry,
    livePictures: resolveLivePictures(config),
    models: () => Object.values(vision?.models ?? {}),
    version: VERSION,
    webRoot: join(PROGRAM_FOLDER, 'dist', 'web'),
  };
  const supervisor: Supervisor = opened.use(
    new Supervisor({
      services: healths,
      // A service reads nothing but what it needs.
      open: (service, health) =>
        service.open({
          ...{ ...(resources as Resources), ...context, health, logTail, services: supervisor },
          ...{ tracing: tracing.of(service.name), log: logOf(service.name) },
        }),
      log,
    }),
  );
  await supervisor.openAll();
  opened.use(await startReports({ config, command, openers, telemetry, log }));
  for (const health of healths.values()) health.setReady();
  const closing = opened.move();
  const { byName, failed } = supervisor;
  return {
    byName,
    failed,
    async [Symbol.asyncDispose]() {
      for (const health of healths.values()) health.setStopping();
      const timer = setTimeout(() => cutOff.abort(), graceMs + 1000 * config.server.drain_seconds);
      await closing.disposeAsync();
      clearTimeout(timer);
    },
  };
}

/** Whether a service cannot do without a data folder: index, for one, only remembers there what a registry has told it. */
function keepsFiles({ needs }: AnyService, { database }: Config): boolean {
  if ('images' in needs || 'cameras' in needs || 'audit' in needs) return true;
  return 'sql' in needs && database.kind === 'embedded';
}

/**
 * Opens everything that the services need at once. The first that fails ends the wait for a database that is away; the rest is
 * waited for, so that it is closed too.
 */
async function openNeeds(
  openers: Openers,
  services: readonly AnyService[],
  giveUp: AbortController,
): Promise<Partial<Resources>> {
  const needed = (Object.keys(openers) as ResourceName[]).filter((name) => services.some(({ needs }) => name in needs));
  const opening = needed.map(async (name) => [name, await openers[name]()] as const);
  for (const one of opening) one.catch((reason: unknown) => giveUp.abort(reason));
  await Promise.allSettled(opening);
  giveUp.signal.throwIfAborted();
  return Object.fromEntries(await Promise.all(opening));
}

/** Shows which networks are in use, now and after each change. */
function showModels(vision: Vision, { model }: ReturnType<typeof createProcessMetrics>): void {
  const show = () => {
    model.reset();
    for (const [cameras, models] of Object.entries({
      all: { ...vision.models, ...vision.shadow },
      chosen: vision.chosen,
    })) {
      for (const [kind, { id, provider }] of Object.entries(models))
        model.set({ model: id, kind, provider, cameras }, 1);
    }
  };
  show();
  vision.onUse(show);
}

type OwnHealth = Readonly<{ config: Config; service: string; health: Health; telemetry: Telemetry; log: Log }>;

/** `/health` of a service that runs alone, where a port is configured for it. */
async function openOwnHealth({ config, service, health, telemetry, log }: OwnHealth): Promise<AsyncDisposable> {
  const { host, ...ports } = config.health;
  const port = Object.entries(ports).find(([name]) => name === service)?.[1];
  if (port === undefined) return { [Symbol.asyncDispose]: async () => undefined };
  const formatMetrics = (accept: string) => telemetry.format(accept);
  const setting = `health.${service}`;
  const server = await openHealthServer({ service, version: VERSION, health, formatMetrics, host, port, setting });
  log.info({ url: `${server.url}/health` }, 'the state of this process is shown');
  return server;
}

type Reports = Readonly<{ config: Config; command: string; openers: Openers; telemetry: Telemetry; log: Log }>;

async function startReports({ config, command, openers, telemetry, log }: Reports): Promise<AsyncDisposable> {
  const everySeconds = config.metrics.report_seconds;
  const siteId = config.site.id;
  return reportMetrics({ siteId, service: command, everySeconds, telemetry, bus: await openers.bus(), log });
}

function resolveLivePictures({ bus, edge }: Config): Config['edge']['live_pictures'] {
  return bus.kind === 'memory' && edge.live_pictures === 'watched' ? 'always' : edge.live_pictures;
}

/** Resolves at the first SIGINT or SIGTERM. */
export function waitForSignal(log: Log): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'stopping; events in hand are brought to safety first');
      resolve(signal);
    });
  }
  return promise;
}

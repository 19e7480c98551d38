import type { Config } from '../app/config.ts';
import { VERSION } from '../app/version.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from './metrics.ts';
import { serveHttp } from './serve-http.ts';

/** Services that have no other HTTP address. */
export type WatchedService = 'edge' | 'ingest' | 'index';

/** What a part says of itself: whether it works, and what else helps. It answers within two seconds, or counts as away. */
export type PartCheck = () => Promise<Readonly<{ ok: boolean }>>;

/** `/health` of a process: 503 until it is ready, and while a part that it cannot do without does not work. */
export interface HealthEndpoint extends AsyncDisposable {
  /** `vital` parts decide on 503; without others the process does its work all the same, and is only `degraded`. */
  add(name: string, kind: 'vital' | 'useful', check: PartCheck): void;
  /** To be called once everything is opened. */
  setReady(): void;
}

type HealthOptions = Readonly<{ config: Config; service: WatchedService; metrics: Metrics; log: Log }>;
type Part = Readonly<{ name: string; kind: 'vital' | 'useful'; check: PartCheck }>;

const LIMIT_MS = 2000;
const JSON_TYPE = 'application/json; charset=utf-8';

/** Serves `/health`, `/health/live` and `/metrics` where a port is configured for this service, else nothing. PORT_IN_USE. */
export async function openHealth({ config, service, metrics, log }: HealthOptions): Promise<HealthEndpoint> {
  const parts: Part[] = [];
  let isReady = false;
  const add: HealthEndpoint['add'] = (name, kind, check) => void parts.push({ name, kind, check });
  const setReady = () => {
    isReady = true;
  };
  const { host, [service]: port } = config.health;
  if (port === undefined) return { add, setReady, [Symbol.asyncDispose]: async () => undefined };
  const report = async () => {
    const { status, ...answer } = await examine(parts, isReady);
    const head = { status: answer.word, service, version: VERSION, uptime_s: Math.round(10 * process.uptime()) / 10 };
    return { status, type: JSON_TYPE, body: JSON.stringify({ ...head, ...answer.parts }) };
  };
  const server = await serveHttp({
    host,
    port,
    setting: `health.${service}`,
    routes: {
      '/health': report,
      '/health/live': async () => ({ status: 200, type: JSON_TYPE, body: '{"status":"ok"}' }),
      '/metrics': async () => ({
        status: 200,
        type: metrics.registry.contentType,
        body: await metrics.registry.metrics(),
      }),
    },
  });
  log.info({ url: `${server.url}/health` }, 'the state of this process is shown');
  return { add, setReady, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Whether the last batch was handled, from what the process counts: before the first one there is nothing to complain of. */
export async function areBatchesHandled(works: Metrics['ingestWorks'], retries: Metrics['ingestRetries']) {
  const [last, failed] = await Promise.all([works.get(), retries.get()]);
  const failures = failed.values.reduce((sum, { value }) => sum + value, 0);
  return { ok: last.values[0]?.value === 1 || failures === 0, failures };
}

async function examine(parts: readonly Part[], isReady: boolean) {
  const found = await Promise.all(parts.map(async (part) => ({ ...part, said: await askInTime(part.check) })));
  const works = isReady && found.every(({ kind, said }) => kind === 'useful' || said.ok);
  const word = !isReady ? 'starting' : found.every(({ said }) => said.ok) ? 'ok' : 'degraded';
  return { status: works ? 200 : 503, word, parts: Object.fromEntries(found.map(({ name, said }) => [name, said])) };
}

async function askInTime(check: PartCheck): Promise<Readonly<{ ok: boolean }>> {
  const { promise: tooLate, resolve } = Promise.withResolvers<Readonly<{ ok: boolean }>>();
  const timer = setTimeout(resolve, LIMIT_MS, { ok: false });
  try {
    // Any failure means the same here, and the answer carries it.
    return await Promise.race([check().catch(() => ({ ok: false })), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

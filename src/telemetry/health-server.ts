import fastify from 'fastify';
import { listenAt } from '../base/listen.ts';
import type { Health } from './health.ts';

type HealthServerOptions = Readonly<{
  service: string;
  version: string;
  health: Health;
  /** What `/metrics` answers to a request that accepts this. */
  formatMetrics: (accept: string) => Promise<Readonly<{ type: string; text: string }>>;
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Name of the setting that holds the port. */
  setting: string;
}>;

/** Answers `/health`, `/health/live` and `/metrics` of a process that has no API. PORT_IN_USE, CONFIG_INVALID. */
export async function openHealthServer(
  options: HealthServerOptions,
): Promise<AsyncDisposable & Readonly<{ url: string }>> {
  const { service, version, health, formatMetrics, host, port, setting } = options;
  const server = fastify({ forceCloseConnections: true });
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  server.get('/health', async (_request, reply) => {
    const { status, works, parts } = await health.examine();
    const uptime_s = Math.round(10 * process.uptime()) / 10;
    return reply.code(works ? 200 : 503).send({ status, service, version, uptime_s, ...parts });
  });
  server.get('/health/live', async () => ({ status: 'ok' }));
  server.get('/metrics', async (request, reply) => {
    const { type, text } = await formatMetrics(request.headers.accept ?? '');
    return reply.type(type).send(text);
  });
  server.setErrorHandler((_error, _request, reply) => reply.code(500).send());
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('text/plain').send('Expected GET /health, /health/live or /metrics\n'),
  );
  await listenAt(server, { host, port, setting });
  const address = server.server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    [Symbol.asyncDispose]: () => server.close(),
  };
}

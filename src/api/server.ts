import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import helmet from '@fastify/helmet';
import fastify from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { AlprError } from '../base/errors.ts';
import { guardRoutes } from './access/guard-routes.ts';
import { createIdentify } from './access/identify.ts';
import { requirePurpose } from './access/require-purpose.ts';
import { spendSearches } from './access/spend-budget.ts';
import { writeAudit } from './access/write-audit.ts';
import { answerClientError } from './client-errors.ts';
import type { ApiContext, ApiOptions, Server } from './context.ts';
import { addDocs, withoutVersion } from './docs.ts';
import { createErrorHandler, describeNotFound, sendProblem } from './errors.ts';
import { isLoopbackAuthority, requireLoopback } from './guard.ts';
import { LiveHub } from './live-hub.ts';
import { collectMethods } from './methods.ts';
import { createApiMetrics } from './metrics.ts';
import { type AddRoutes, ROUTES } from './routes.ts';

/** The running API and where it answers. */
export type Api = Readonly<{ url: string }> & AsyncDisposable;

/**
 * Serves the API and the page. CONFIG_INVALID for any address but this machine's own, PORT_IN_USE when another process
 * has the port.
 */
export async function openApi(options: ApiOptions, routes = ROUTES): Promise<Api> {
  requireLoopback(options.config.host);
  await using opened = new AsyncDisposableStack();
  const hub = opened.use(new LiveHub(options));
  const { sql, telemetry } = options;
  const identify = createIdentify(sql);
  const server = await createServer({ ...options, identify, hub, metrics: createApiMetrics(telemetry) }, routes);
  opened.defer(() => server.close());
  await hub.open();
  const url = await listen(server, options.config);
  const parts = opened.move();
  return { url, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

async function createServer(context: ApiContext, routes: readonly AddRoutes[]): Promise<Server> {
  const onError = createErrorHandler(context.log);
  const server: Server = fastify({
    forceCloseConnections: true,
    rewriteUrl: ({ url = '/' }) => withoutVersion(url),
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: false },
    frameworkErrors: onError,
    clientErrorHandler: answerClientError,
    requestTimeout: 30_000,
    bodyLimit: 64 << 10,
  }).withTypeProvider<ZodTypeProvider>();
  server.setValidatorCompiler(validatorCompiler);
  // Answers are made from checked data; checking each again would cost more than making them.
  server.setSerializerCompiler(() => JSON.stringify);
  server.setErrorHandler(onError);
  server.setNotFoundHandler((request, reply) => sendProblem(reply, describeNotFound(request)));
  addGuards(server, context);
  guardRoutes(server, context);
  requirePurpose(server, context);
  spendSearches(server, context);
  writeAudit(server, context);
  await addPolicy(server, context);
  await addCompression(server);
  await addDocs(server, context.version);
  const refuseOtherMethods = collectMethods(server);
  for (const addRoutes of routes) await addRoutes(server, context);
  refuseOtherMethods();
  return server;
}

function addGuards(server: Server, { metrics }: ApiContext): void {
  server.addHook('onRequest', async (request) => {
    if (!isLoopbackAuthority(request.headers.host)) {
      throw new AlprError('INPUT_INVALID', 'Expected the Host header to be localhost or 127.0.0.1; use that address');
    }
  });
  // Plates are personal data: what does not say itself that it may be kept is not.
  server.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    metrics.requests.observe({ route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
  });
}

async function addPolicy(server: Server, { images }: ApiContext): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'blob:', ...(images.linkOrigin ? [images.linkOrigin] : [])],
        objectSrc: ["'none'"],
      },
    },
    // The service speaks plain HTTP on this machine; there is nothing to upgrade.
    strictTransportSecurity: false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });
}

/** Fast levels: most answers stay on this machine or pass a tunnel. What a request sends is never unpacked. */
async function addCompression(server: Server): Promise<void> {
  await server.register(compress, {
    globalDecompression: false,
    encodings: ['br', 'gzip'],
    threshold: 1024,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
    zlibOptions: { level: 1 },
  });
}

async function listen(server: Server, { host, port }: ApiOptions['config']): Promise<string> {
  try {
    return (await server.listen({ host, port })).replace('[::1]', 'localhost');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new AlprError(
        'PORT_IN_USE',
        `Expected ${host}:${port} to be free, but another process listens there; stop it or set server.port to another port (0 takes any)`,
        { cause: error },
      );
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
      throw new AlprError('CONFIG_INVALID', `Expected to be allowed to listen on ${host}:${port}, got ${code}`, {
        cause: error,
      });
    }
    throw error;
  }
}

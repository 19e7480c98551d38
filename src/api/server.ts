import { setTimeout as sleep } from 'node:timers/promises';
import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import fastify from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { listenAt } from '../base/listen.ts';
import { openRule } from '../promotion/apply-rule.ts';
import { NO_TRACING } from '../telemetry/tracing/tracing.ts';
import { guardRoutes } from './access/guard-routes.ts';
import { openAccess } from './access/open-access.ts';
import { requirePurpose } from './access/require-purpose.ts';
import { spendSearches } from './access/spend-budget.ts';
import { keepAddresses, writeAudit } from './access/write-audit.ts';
import { CameraDesk } from './camera-desk.ts';
import { answerClientError } from './client-errors.ts';
import { closing } from './close-gently.ts';
import { pageAddress } from './config.ts';
import type { ApiContext, ApiOptions, Server } from './context.ts';
import { addDocs, withoutVersion } from './docs.ts';
import { createErrorHandler, describeNotFound, sendProblem } from './errors.ts';
import { createHostCheck, requireShelter } from './guard.ts';
import { LiveHub } from './live-hub.ts';
import { collectMethods } from './methods.ts';
import { createApiMetrics } from './metrics.ts';
import { ProcessReports } from './process-reports.ts';
import { type AddRoutes, ROUTES } from './routes.ts';
import { type Credentials, readCredentials, resolveTls, watchCredentials } from './tls.ts';
import { traceRequests } from './trace-requests.ts';

const YEAR_SECONDS = 31_536_000;

/** The running API and where it answers. */
export type Api = Readonly<{
  url: string;
  /** Link to the first account, which works once; undefined where there is one. It is for whoever started the program, not for a log. */
  setUpLink: string | undefined;
}> &
  AsyncDisposable;

/**
 * Serves the API and the page. CONFIG_INVALID where they would be open to a network unencrypted, PORT_IN_USE when another process
 * has the port.
 */
export async function openApi(options: ApiOptions, routes = ROUTES): Promise<Api> {
  const { telemetry, config, dataFolder, log } = options;
  requireShelter(config);
  await using opened = new AsyncDisposableStack();
  const files = config.tls && resolveTls(config.tls, dataFolder);
  const credentials = files && (await readCredentials(files));
  const hub = opened.use(new LiveHub(options));
  const access = opened.use(await openAccess(options));
  const desk = opened.use(new CameraDesk(options));
  const reports = opened.use(new ProcessReports());
  const context = { ...options, ...access, hub, desk, reports, metrics: createApiMetrics(telemetry) };
  const server = await createServer(context, routes, credentials);
  opened.defer(closing(server));
  if (files) opened.use(await watchCredentials({ server: server.server, files, log }));
  await hub.open();
  await desk.open();
  await reports.open(options);
  opened.use(openRule({ ...options, rule: options.promotion }));
  const { host, port } = config;
  const url = (await listenAt(server, { host, port, setting: 'server.port' })).replace('[::1]', 'localhost');
  const { setUpToken } = access;
  opened.defer(() => sleep(1000 * config.drain_seconds));
  const parts = opened.move();
  return {
    url,
    setUpLink: setUpToken && `${pageAddress(config, new URL(url).port)}/setup#token=${setUpToken}`,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

async function createServer(
  context: ApiContext,
  routes: readonly AddRoutes[],
  credentials: Credentials | undefined,
): Promise<Server> {
  const onError = createErrorHandler(context.log);
  const server: Server = fastify({
    // Requests that still come are answered as usual: their senders could not know.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    rewriteUrl: ({ url = '/' }) => withoutVersion(url),
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: false },
    frameworkErrors: onError,
    clientErrorHandler: answerClientError,
    requestTimeout: 30_000,
    bodyLimit: 64 << 10,
    https: credentials ?? null,
    // Without a list nobody is believed to speak for somebody else.
    trustProxy: context.config.trusted_proxies.length > 0 ? [...context.config.trusted_proxies] : false,
  }).withTypeProvider<ZodTypeProvider>();
  server.setValidatorCompiler(validatorCompiler);
  // Answers are made from checked data; checking each again would cost more than making them.
  server.setSerializerCompiler(() => JSON.stringify);
  server.setErrorHandler(onError);
  server.setNotFoundHandler((request, reply) => sendProblem(reply, describeNotFound(request)));
  await server.register(cookie);
  keepAddresses(server);
  traceRequests(server, context.tracing ?? NO_TRACING);
  addGuards(server, context);
  await addPolicy(server, context);
  guardRoutes(server, context);
  requirePurpose(server, context);
  spendSearches(server, context);
  writeAudit(server, context);
  await addCompression(server);
  await addDocs(server, context.version);
  const refuseOtherMethods = collectMethods(server);
  for (const addRoutes of routes) await addRoutes(server, context);
  refuseOtherMethods();
  return server;
}

function addGuards(server: Server, { metrics, config }: ApiContext): void {
  const checkHost = createHostCheck(config);
  server.addHook('onRequest', async (request, reply) => {
    checkHost(request);
    if (request.protocol === 'https')
      reply.header('strict-transport-security', `max-age=${YEAR_SECONDS}; includeSubDomains`);
  });
  // Plates are personal data: what does not say itself that it may be kept is not.
  server.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const { method } = request;
    metrics.requests.observe({ route, method, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
  });
}

async function addPolicy(server: Server, { images, config }: ApiContext): Promise<void> {
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
    // Whether a request is encrypted is known of each alone.
    strictTransportSecurity: false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });
  if (config.cors_origins.length === 0) return;
  const allowedHeaders = ['authorization', 'content-type', 'x-purpose', 'x-case-number'];
  await server.register(cors, { origin: [...config.cors_origins], allowedHeaders, credentials: false });
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

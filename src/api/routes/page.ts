import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import type { ApiContext, Server } from '../context.ts';

const LINKS = {
  api: '/api/v1',
  health: '/health',
  stats: '/stats',
  recent: '/events/recent',
  search: '/events/search?q=',
  cameras: '/cameras',
  live: '/live',
  metrics: '/metrics',
  docs: '/docs',
  openapi: '/openapi.json',
};

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>OVR-ALPR</title>
<h1>The page is not built yet</h1><p>Run <code>npm run build:page</code> and load this again.
The API works without it: <a href="/docs">/docs</a>.</p></html>`;

/** The operator's page, and for programs a description of the service. */
export async function addPageRoutes(server: Server, { webRoot, version }: ApiContext): Promise<void> {
  await server.register(fastifyStatic, {
    root: path.resolve(webRoot),
    index: false,
    decorateReply: true,
    suppressWarning: true,
    cacheControl: false,
    setHeaders: (reply, file) => {
      // The build puts a hash of the content into the names in assets/.
      const named = file.includes(`${path.sep}assets${path.sep}`);
      reply.header('cache-control', named ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  server.get('/', { config: { access: 'public' }, schema: { hide: true } }, (request, reply) => {
    reply.header('vary', 'accept');
    if (request.headers.accept?.includes('application/json')) {
      return reply.send({ name: 'ovr-alpr', version, links: LINKS });
    }
    return sendPage(reply);
  });
  // What follows `#` in the one-time link stays in the browser.
  server.get('/setup', { config: { access: 'public' }, schema: { hide: true } }, (_request, reply) => sendPage(reply));

  function sendPage(reply: FastifyReply): FastifyReply {
    if (existsSync(path.join(webRoot, 'index.html'))) return reply.sendFile('index.html');
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(NOT_BUILT);
  }
}

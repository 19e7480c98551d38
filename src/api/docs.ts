import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { Server } from './context.ts';
import { createTransforms, SECURITY, TAGS } from './description.ts';

/** Where programs find the API; the same paths answer without it, too. */
const PREFIX = '/api/v1';

/** The viewer sets styles on its elements and draws from data: URLs; its scripts are files. */
const DOCS_POLICY =
  "default-src 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'";

/** What clients of other systems also call routes of theirs. */
const ALIASES = [
  [/^(?:\/api)?\/v1\/plate-reader\/?(?=\?|$)/, '/v1/plate-reader/'],
  [/^\/v1\/image\/alpr(?=\?|$)/, '/v1/vision/alpr'],
  [/^\/v1\/server\/status\//, '/v1/status/'],
] as const;

/** The path of a request without the version of the API, which is one, and by one name where it has several. */
export function withoutVersion(url: string): string {
  for (const [alias, path] of ALIASES) if (alias.test(url)) return url.replace(alias, path);
  return url.startsWith(`${PREFIX}/`) ? url.slice(PREFIX.length) : url;
}

/**
 * Adds OpenAPI 3.1, built from the schemas of the routes: `/docs` for people, `/openapi.json` for programs. Call it
 * before adding routes.
 */
export async function addDocs(server: Server, version: string): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'OVR-ALPR',
        version,
        description: 'Licence plates as they were read: events, search, pictures and the live stream.',
        license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      },
      servers: [{ url: PREFIX, description: 'The same paths answer without the prefix, too' }],
      // Each operation says its own.
      security: [],
      components: { securitySchemes: SECURITY },
      tags: TAGS,
    },
    ...createTransforms(),
  });
  await server.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: DOCS_POLICY,
    uiConfig: { tryItOutEnabled: true },
  });
  server.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () => server.swagger());
}

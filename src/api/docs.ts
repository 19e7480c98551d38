import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { Server } from './context.ts';

/** The viewer sets styles on its elements and draws from data: URLs; its scripts are files. */
const DOCS_POLICY =
  "default-src 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'";

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
      },
    },
    transform: jsonSchemaTransform,
  });
  await server.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: DOCS_POLICY,
    uiConfig: { tryItOutEnabled: true },
  });
  server.get('/openapi.json', { schema: { hide: true } }, async () => server.swagger());
}

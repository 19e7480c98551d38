import { noQuery } from '../../contract/api/fields.ts';
import { aliveSchema, healthSchema } from '../../contract/api/health.ts';
import type { ApiContext, Server } from '../context.ts';

/**
 * Whether the system works: 503 while the database is away, because nothing can be answered without it; and whether the
 * process answers at all.
 */
export function addHealthRoutes(server: Server, { health, hub, version, models }: ApiContext): void {
  server.get(
    '/health',
    {
      config: { access: 'public' },
      schema: {
        tags: ['System'],
        operationId: 'readHealth',
        summary: 'Whether everything works, and what does not',
        description: 'Whoever lacks the permission `system` gets the status alone.',
        querystring: noQuery,
        response: { 200: healthSchema, 503: healthSchema },
      },
    },
    async ({ principal }, reply) => {
      const { status, works, parts } = await health.examine();
      const troubled = hub.cameras(undefined).some(({ state }) => state === 'failed' || state === 'retrying');
      const partOf = (name: string) => {
        const { ok = false, kind = '', message } = parts[name] ?? {};
        return { ok, kind, ...(message !== undefined && { message }) };
      };
      const { kind: _, ...disk } = partOf('disk');
      const { kind: __, ...services } = partOf('services');
      reply.header('cache-control', 'no-store');
      reply.code(works ? 200 : 503);
      const told = { status: status === 'ok' && !troubled ? ('ok' as const) : ('degraded' as const) };
      if (!principal?.permissions.has('system')) return told;
      const cameras = hub.cameras(principal.scope);
      return {
        ...told,
        version,
        uptime_s: Math.round(process.uptime() * 10) / 10,
        database: partOf('database'),
        bus: partOf('bus'),
        search: partOf('search'),
        images: partOf('images'),
        reading: partOf('reading'),
        disk,
        services,
        models: [...models()],
        cameras: cameras.map(({ camera_id, state, message }) => ({ id: camera_id, state, message })),
      };
    },
  );
  server.get(
    '/health/live',
    {
      config: { access: 'public' },
      schema: {
        tags: ['System'],
        operationId: 'readLiveness',
        summary: 'Whether this process answers, whatever else is away; for a decision on restarts',
        querystring: noQuery,
        response: { 200: aliveSchema },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return { status: 'ok' as const };
    },
  );
}

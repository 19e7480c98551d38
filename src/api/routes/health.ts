import { setTimeout as sleep } from 'node:timers/promises';
import { noQuery } from '../../contract/api/fields.ts';
import { healthSchema } from '../../contract/api/health.ts';
import type { ApiContext, Server } from '../context.ts';

/** Longest wait for a part to answer. */
const LIMIT_MS = 2000;

/** Whether the system does its work: 503 while the database is away, without which there are no answers at all. */
export function addHealthRoutes(server: Server, context: ApiContext): void {
  const { sql, bus, search, hub, version, systemInfo } = context;
  server.get(
    '/health',
    {
      schema: {
        tags: ['System'],
        summary: 'Whether everything works, and what does not',
        querystring: noQuery,
        response: { 200: healthSchema, 503: healthSchema },
      },
    },
    async (_request, reply) => {
      const { database, models } = systemInfo();
      const [ok, finds] = await Promise.all([answers(() => sql.query('SELECT 1')), answers(search.ping)]);
      const cameras = hub.cameras().map(({ camera_id, state, message }) => ({ id: camera_id, state, message }));
      const troubled = cameras.some(({ state }) => state === 'failed' || state === 'retrying');
      reply.header('cache-control', 'no-store');
      return reply.code(ok ? 200 : 503).send({
        status: ok && finds && !troubled && bus.works ? 'ok' : 'degraded',
        version,
        uptime_s: Math.round(process.uptime() * 10) / 10,
        database: { ok, kind: database },
        bus: { ok: bus.works, kind: bus.kind },
        search: { ok: finds, kind: search.kind },
        models: [...models],
        cameras,
      });
    },
  );
}

/** Any failure means the same here, and the answer carries it. */
function answers(ask: () => Promise<unknown>): Promise<boolean> {
  const asked = ask().then(
    () => true,
    () => false,
  );
  return Promise.race([asked, sleep(LIMIT_MS, false, { ref: false })]);
}

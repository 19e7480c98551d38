import { noQuery } from '../../contract/api/fields.ts';
import type { ApiContext, Server } from '../context.ts';

/** Metrics for Prometheus. */
export function addMetricsRoutes(server: Server, { metrics }: ApiContext): void {
  server.get(
    '/metrics',
    { schema: { tags: ['System'], summary: 'Metrics in the text format of Prometheus', querystring: noQuery } },
    async (_request, reply) => {
      const text = await metrics.registry.metrics();
      return reply.type(metrics.registry.contentType).header('cache-control', 'no-store').send(text);
    },
  );
}

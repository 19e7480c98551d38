import { metricsTextSchema, noQuery } from '../../contract/api/fields.ts';
import type { ApiContext, Server } from '../context.ts';

/** Metrics for Prometheus. */
export function addMetricsRoutes(server: Server, { telemetry }: ApiContext): void {
  server.get(
    '/metrics',
    {
      config: { access: 'metrics' },
      schema: {
        tags: ['System'],
        operationId: 'readMetrics',
        summary: 'Metrics in the text format of Prometheus',
        querystring: noQuery,
        response: { 200: { description: 'Metrics', content: { 'text/plain': { schema: metricsTextSchema } } } },
      },
    },
    async (_request, reply) => {
      const { type, text } = await telemetry.format();
      return reply.type(type).header('cache-control', 'no-store').send(text);
    },
  );
}

import { metricsTextSchema, noQuery } from '../../contract/api/fields.ts';
import { CameraGauges } from '../camera-gauges.ts';
import type { ApiContext, Server } from '../context.ts';

/** Metrics for Prometheus. */
export function addMetricsRoutes(server: Server, { telemetry, sql, log }: ApiContext): void {
  const cameras = new CameraGauges({ sql, telemetry, log });
  server.get(
    '/metrics',
    {
      config: { access: 'metrics' },
      schema: {
        tags: ['System'],
        operationId: 'readMetrics',
        summary:
          'Metrics in the text format of Prometheus or, where the request accepts it, of OpenMetrics with exemplars',
        querystring: noQuery,
        response: {
          200: {
            description: 'Metrics',
            content: {
              'text/plain': { schema: metricsTextSchema },
              'application/openmetrics-text': { schema: metricsTextSchema },
            },
          },
        },
      },
    },
    async (request, reply) => {
      await cameras.refresh();
      const { type, text } = await telemetry.format(request.headers.accept);
      return reply.type(type).header('cache-control', 'no-store').send(text);
    },
  );
}

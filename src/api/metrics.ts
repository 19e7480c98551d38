import type { Telemetry } from '../telemetry/telemetry.ts';

export type ApiMetrics = ReturnType<typeof createApiMetrics>;

/** What the API counts. */
export function createApiMetrics(telemetry: Telemetry) {
  return {
    requests: telemetry.histogram({
      name: 'alpr_http_request_seconds',
      help: 'HTTP requests by route and status',
      labels: ['route', 'status'],
    }),
  };
}

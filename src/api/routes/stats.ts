import { problemSchema } from '../../contract/api/problem.ts';
import { statsQuerySchema, statsSchema } from '../../contract/api/stats.ts';
import { readStats } from '../../store/stats.ts';
import { scopeOf } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

/** Numbers for the page. */
export function addStatsRoutes(server: Server, { sql }: ApiContext): void {
  server.get(
    '/stats',
    {
      config: { access: 'events:read', audit: 'live' },
      schema: {
        tags: ['System'],
        operationId: 'readStats',
        summary: 'Counts of events; per hour, camera and plate over the last hours',
        querystring: statsQuerySchema,
        response: { 200: statsSchema, 400: problemSchema },
      },
    },
    (request) => readStats(sql, request.query.hours, scopeOf(request)),
  );
}

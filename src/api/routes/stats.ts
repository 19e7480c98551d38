import { problemSchema } from '../../contract/api/problem.ts';
import { statsQuerySchema, statsSchema } from '../../contract/api/stats.ts';
import { readStats } from '../../store/stats.ts';
import type { ApiContext, Server } from '../context.ts';
import { PassageRate } from '../passage-rate.ts';

/** Numbers for the page. */
export function addStatsRoutes(server: Server, { sql, hub }: ApiContext): void {
  const rate = new PassageRate();
  server.get(
    '/stats',
    {
      config: { access: 'events:read' },
      schema: {
        tags: ['System'],
        operationId: 'readStats',
        summary: 'Counts of events; per hour, camera and plate over the last hours',
        querystring: statsQuerySchema,
        response: { 200: statsSchema, 400: problemSchema },
      },
    },
    async (request) => {
      const stats = await readStats(sql, request.query.hours);
      return { ...stats, read_rate_24h: rate.at(Date.now(), hub.cameras()) };
    },
  );
}

import { problemSchema } from '../../contract/api/problem.ts';
import { statsQuerySchema, statsSchema } from '../../contract/api/stats.ts';
import { readStats } from '../../store/stats.ts';
import type { ApiContext, Server } from '../context.ts';
import { PassageRate } from '../passage-rate.ts';

/** Numbers for the page. */
export function addStatsRoutes(server: Server, { sql, metrics }: ApiContext): void {
  const rate = new PassageRate(metrics);
  server.get(
    '/stats',
    {
      schema: {
        tags: ['System'],
        summary: 'Counts of events; per hour, camera and plate over the last hours',
        querystring: statsQuerySchema,
        response: { 200: statsSchema, 400: problemSchema },
      },
    },
    async (request) => {
      const [stats, read_rate_24h] = await Promise.all([readStats(sql, request.query.hours), rate.read(Date.now())]);
      return { ...stats, read_rate_24h };
    },
  );
}

import { problemSchema } from '../../contract/api/problem.ts';
import { type Stats, statsQuerySchema, statsSchema } from '../../contract/api/stats.ts';
import { readStats } from '../../store/stats.ts';
import { scopeOf } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';
import { SharedAnswers } from '../shared-answers.ts';

/** Numbers for the page. */
export function addStatsRoutes(server: Server, { sql }: ApiContext): void {
  const answers = new SharedAnswers<Stats>();
  server.get(
    '/stats',
    {
      config: { access: 'events:read', audit: 'live' },
      schema: {
        tags: ['System'],
        operationId: 'readStats',
        summary: 'Counts of events; per hour, camera and plate over the last hours',
        description:
          'Counting takes longer the more events there are. An answer is shared for up to twenty times as long, at most ten minutes.',
        querystring: statsQuerySchema,
        response: { 200: statsSchema, 400: problemSchema },
      },
    },
    (request) => {
      const [hours, scope] = [request.query.hours, scopeOf(request)];
      return answers.share(JSON.stringify([hours, scope]), () => readStats(sql, hours, scope));
    },
  );
}

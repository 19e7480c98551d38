import type { Scope } from '../../contract/access.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { statsQuerySchema, statsSchema } from '../../contract/api/stats.ts';
import { readStats } from '../../store/stats.ts';
import { scopeOf } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';
import { PassageRate } from '../passage-rate.ts';

/** Of so many scopes the rates are kept. */
const MAX_SCOPES = 200;

/** Numbers for the page. */
export function addStatsRoutes(server: Server, { sql, hub }: ApiContext): void {
  const rates = new Map<string, PassageRate>();
  const rateOf = (scope: Scope) => {
    const key = JSON.stringify(scope) ?? 'everywhere';
    const rate = rates.get(key) ?? new PassageRate();
    if (rates.size >= MAX_SCOPES) rates.clear();
    rates.set(key, rate);
    return rate.at(Date.now(), hub.cameras(scope));
  };
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
      const scope = scopeOf(request);
      const stats = await readStats(sql, request.query.hours, scope);
      return { ...stats, read_rate_24h: rateOf(scope) };
    },
  );
}

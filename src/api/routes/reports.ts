import type { FastifyRequest } from 'fastify';
import { problemSchema } from '../../contract/api/problem.ts';
import { type ReportQuery, reportParamsSchema, reportQuerySchema, reportSchema } from '../../contract/api/reports.ts';
import type { ReportName } from '../../contract/report.ts';
import { readReport } from '../../store/reports/read-report.ts';
import { scopeOf } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';
import { requireTimeZone } from '../require-time-zone.ts';

const tags = ['Reports'];
const schema = { tags, querystring: reportQuerySchema, response: { 200: reportSchema, 400: problemSchema } };

/** Questions about what was seen and done over days. */
export function addReportRoutes(server: Server, { sql }: ApiContext): void {
  server.get(
    '/reports/:question',
    {
      config: { access: 'events:read' },
      schema: {
        ...schema,
        operationId: 'readReport',
        summary: 'The answer to one question over days, as a table; it names no plate',
        params: reportParamsSchema,
      },
    },
    (request) => answer(request, request.params.question),
  );

  server.get(
    '/reports/top-plates',
    {
      config: { access: 'search', audit: 'search' },
      schema: { ...schema, operationId: 'reportTopPlates', summary: 'The plates that were read most often' },
    },
    async (request) => {
      const { time_zone: _, ...asked } = request.query;
      request.auditNote.query = asked;
      const found = await answer(request, 'top-plates');
      request.auditNote.results = found.rows.length;
      return found;
    },
  );

  server.get(
    '/reports/deliveries',
    {
      config: { access: 'alerts' },
      schema: {
        ...schema,
        operationId: 'reportDeliveries',
        summary: 'Messages by channel and outcome',
      },
    },
    (request) => answer(request, 'deliveries'),
  );

  server.get(
    '/reports/storage',
    {
      config: { access: 'system' },
      schema: { ...schema, operationId: 'reportStorage', summary: 'Rows and bytes of every table of the database' },
    },
    (request) => answer(request, 'storage'),
  );

  async function answer(request: FastifyRequest<{ Querystring: ReportQuery }>, name: ReportName) {
    const { time_zone: timeZone, ...wanted } = request.query;
    requireTimeZone(timeZone);
    return { rows: await readReport(sql, name, { ...wanted, timeZone, scope: scopeOf(request) }) };
  }
}

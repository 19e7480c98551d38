import { Readable } from 'node:stream';
import { streamZip } from '../../base/zip.ts';
import { eventParamsSchema } from '../../contract/api/events.ts';
import { evidenceSchema, exportQuerySchema, exportSchema } from '../../contract/api/exports.ts';
import { noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { collectEvidence } from '../../evidence/collect-evidence.ts';
import { scopeOf, whoAsks } from '../access/guard-routes.ts';
import { spendRows } from '../access/spend-budget.ts';
import { describeRequest } from '../access/write-audit.ts';
import type { ApiContext, Server } from '../context.ts';
import { exportEvents } from '../export/export-events.ts';

const TYPES = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson; charset=utf-8' } as const;

/** Lists as files. */
export function addExportRoutes(server: Server, context: ApiContext): void {
  const { search, audit, sql, images } = context;
  const { models, settings = {}, version } = context;
  const describeSystem = () => ({ program: `ovr-alpr ${version}`, models: models(), settings });

  server.get(
    '/events/export',
    {
      exposeHeadRoute: false,
      config: { access: 'export', audit: 'export' },
      schema: {
        tags: ['Events'],
        operationId: 'exportEvents',
        summary: 'All events that a search finds, as CSV or as lines of JSON',
        description:
          'Takes the filters of a search, and streams. `x-total-rows` says how many events there were at the beginning. The audit has an entry before the first byte and one with the number of events at the end.',
        querystring: exportQuerySchema,
        response: {
          200: {
            description: 'The events',
            content: { 'text/csv': { schema: exportSchema }, 'application/x-ndjson': { schema: exportSchema } },
          },
          400: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { format, min_confidence: minConfidence, ...rest } = request.query;
      const query = { ...rest, minConfidence, scope: scopeOf(request) };
      const { q, ...filters } = request.query;
      request.auditNote.query = { ...filters, part: 'begun' };
      request.auditNote.plates = q === undefined ? [] : [q];
      const { events } = await search.facets(query);
      await spendRows(request, context, events);
      const onEnd = async (rows: number) => {
        const note = { ...request.auditNote, query: { ...filters, part: 'completed' }, results: rows };
        await audit.record({ ...describeRequest(request, 'export', 200), ...note });
      };
      const name = `events-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${format}`;
      return reply
        .type(TYPES[format])
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('x-total-rows', String(events))
        .send(Readable.from(exportEvents({ search, query, format, onEnd }), { objectMode: false }));
    },
  );
  server.get(
    '/events/:id/evidence',
    {
      exposeHeadRoute: false,
      config: { access: 'export', audit: 'export' },
      schema: {
        tags: ['Events'],
        operationId: 'exportEvidence',
        summary: 'Everything that speaks for one event, as a signed zip',
        description:
          'Pictures, all revisions, characters with their alternatives, clocks, networks and settings, entries of the audit, and a page for people. `alpr evidence verify` checks it without the server.',
        params: eventParamsSchema,
        querystring: noQuery,
        response: {
          200: { description: 'The evidence', content: { 'application/zip': { schema: evidenceSchema } } },
          400: problemSchema,
          404: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      request.auditNote.query = { event: id };
      const { name: by, permissions } = whoAsks(request);
      const wanted = { eventId: id, scope: scopeOf(request), by, tellsWho: permissions.has('audit') };
      const files = await collectEvidence(
        { sql, images, signing: audit.keys.signing, system: describeSystem() },
        wanted,
      );
      await spendRows(request, context, 1);
      request.auditNote.results = 1;
      return reply
        .type('application/zip')
        .header('content-disposition', `attachment; filename="evidence-${id}.zip"`)
        .send(streamZip(files));
    },
  );
}

import { Readable } from 'node:stream';
import { exportChain } from '../../audit/export-chain.ts';
import { readAuditState } from '../../audit/read-state.ts';
import {
  alarmParamsSchema,
  alarmSeenBodySchema,
  auditAlarmSchema,
  auditAlarmsQuerySchema,
  auditAlarmsSchema,
  auditExportQuerySchema,
  auditExportSchema,
  auditPageSchema,
  auditQuerySchema,
  auditStateSchema,
  auditSummaryQuerySchema,
  auditSummarySchema,
} from '../../contract/api/audit.ts';
import { noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { listAlarms, settleAlarm } from '../../store/audit/list-alarms.ts';
import { listEntries, summarizeEntries } from '../../store/audit/list-entries.ts';
import { whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const tags = ['Audit'];
const config = { access: 'audit', audit: 'audit' } as const;

/** Who did what, for auditors. What they look at stands in the audit, too. */
export function addAuditRoutes(server: Server, { sql, audit }: ApiContext): void {
  const { plates, signing } = audit.keys;

  server.get(
    '/audit',
    {
      config,
      schema: {
        tags,
        operationId: 'listAuditEntries',
        summary: 'What people and programs did, newest first',
        querystring: auditQuerySchema,
        response: { 200: auditPageSchema, 400: problemSchema },
      },
    },
    async ({ query, auditNote }) => {
      const { plate, cursor: _, ...asked } = query;
      Object.assign(auditNote, { query: asked, plates: plate === undefined ? [] : [plate] });
      const page = await listEntries(sql, plates, query);
      auditNote.results = page.entries.length;
      return page;
    },
  );

  server.get(
    '/audit/summary',
    {
      config,
      schema: {
        tags,
        operationId: 'summarizeAudit',
        summary: 'What each person did for each purpose on each day',
        querystring: auditSummaryQuerySchema,
        response: { 200: auditSummarySchema, 400: problemSchema },
      },
    },
    async ({ query, auditNote }) => {
      auditNote.query = query;
      return summarizeEntries(sql, audit.config.time_zone, query);
    },
  );

  server.get(
    '/audit/alarms',
    {
      config,
      schema: {
        tags,
        operationId: 'listAuditAlarms',
        summary: 'Searches that somebody should ask about, newest first',
        querystring: auditAlarmsQuerySchema,
        response: { 200: auditAlarmsSchema, 400: problemSchema },
      },
    },
    async ({ query, auditNote }) => {
      const page = await listAlarms(sql, plates, query);
      Object.assign(auditNote, { query: { state: query.state }, results: page.alarms.length });
      return page;
    },
  );

  server.post(
    '/audit/alarms/:id/seen',
    {
      config: { access: 'audit', audit: 'change' },
      schema: {
        tags,
        operationId: 'settleAuditAlarm',
        summary: 'Note that an alarm was looked into',
        params: alarmParamsSchema,
        querystring: noQuery,
        body: alarmSeenBodySchema,
        response: { 200: auditAlarmSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      request.auditNote.query = { alarm: id };
      return settleAlarm(sql, plates, { id, by: whoAsks(request).name, note: request.body.note });
    },
  );

  server.get(
    '/audit/export',
    {
      exposeHeadRoute: false,
      config,
      schema: {
        tags,
        operationId: 'exportAudit',
        summary: 'The signed chain as lines of JSON, which `alpr audit verify` checks',
        querystring: auditExportQuerySchema,
        response: {
          200: { description: 'The chain', content: { 'application/x-ndjson': { schema: auditExportSchema } } },
          400: problemSchema,
        },
      },
    },
    async ({ query, auditNote }, reply) => {
      auditNote.query = query;
      const span = { from: toDate(query.from), to: toDate(query.to) };
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('content-disposition', 'attachment; filename="audit.ndjson"')
        .send(Readable.from(exportChain(sql, signing, span)));
    },
  );

  server.get(
    '/audit/state',
    {
      config: { access: 'audit' },
      schema: {
        tags,
        operationId: 'readAuditState',
        summary: 'How far the audit is signed and found whole, and the fingerprints of its keys',
        querystring: noQuery,
        response: { 200: auditStateSchema },
      },
    },
    () => readAuditState(sql, audit.config),
  );
}

function toDate(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

import { AlprError } from '../../base/errors.ts';
import {
  alertPageSchema,
  alertParamsSchema,
  alertsQuerySchema,
  freshMuteSchema,
  handleAlertSchema,
  keptAlertSchema,
  muteParamsSchema,
  mutesSchema,
  newMuteSchema,
  ofEventsQuerySchema,
  ofEventsSchema,
} from '../../contract/api/alerts.ts';
import { goneSchema, noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { findAlert, handleAlert, listAlerts, listAlertsOf } from '../../store/alerts/inbox.ts';
import { listMutes, removeMute, writeMute } from '../../store/alerts/mutes.ts';
import { scopeOf, whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const tags = ['Alerts'];
const querystring = noQuery;
const missing = { 404: problemSchema };

/** What rules found, and what people do with it. */
export function addAlertRoutes(server: Server, { sql }: ApiContext): void {
  server.get(
    '/alerts',
    {
      config: { access: 'events:read', audit: 'view' },
      schema: {
        tags,
        operationId: 'listAlerts',
        summary: 'Alerts, newest first',
        querystring: alertsQuerySchema,
        response: { 200: alertPageSchema },
      },
    },
    async (request) => {
      const { limit: _limit, cursor: _cursor, plate, ...filter } = request.query;
      const { items, next } = await listAlerts(sql, { ...request.query, scope: scopeOf(request) });
      request.auditNote.query = filter;
      request.auditNote.results = items.length;
      request.auditNote.plates = plate === undefined ? platesOf(items) : [plate];
      return { alerts: items, next };
    },
  );

  server.get(
    '/alerts/of-events',
    {
      config: { access: 'events:read', audit: 'view' },
      schema: {
        tags,
        operationId: 'listAlertsOfEvents',
        summary: 'The alerts of the events of a list',
        querystring: ofEventsQuerySchema,
        response: { 200: ofEventsSchema },
      },
    },
    async (request) => {
      const found = await listAlertsOf(sql, request.query.ids, scopeOf(request));
      const events: Record<string, Omit<(typeof found)[number], 'event_id'>[]> = {};
      for (const { event_id, ...alert } of found) {
        const others = events[event_id] ?? [];
        others.push(alert);
        events[event_id] = others;
      }
      request.auditNote.results = found.length;
      return { events };
    },
  );

  server.get(
    '/alerts/:alert',
    {
      config: { access: 'events:read', audit: 'view', showsEvents: true },
      schema: {
        tags,
        operationId: 'getAlert',
        summary: 'One alert',
        params: alertParamsSchema,
        querystring,
        response: { 200: keptAlertSchema, ...missing },
      },
    },
    async (request) => {
      const { alert: id } = request.params;
      request.auditNote.query = { alert: id };
      const found = await findAlert(sql, id, scopeOf(request));
      if (!found) throw noSuch(id);
      request.auditNote.plates = platesOf([found]);
      return found;
    },
  );

  server.patch(
    '/alerts/:alert',
    {
      config: { access: 'events:write', audit: 'change', showsEvents: true },
      schema: {
        tags,
        operationId: 'handleAlert',
        summary: 'Acknowledge or verify an alert, note something, or say whether it was right',
        params: alertParamsSchema,
        querystring,
        body: handleAlertSchema,
        response: { 200: keptAlertSchema, ...missing },
      },
    },
    async (request) => {
      const { alert: id } = request.params;
      const { note: _note, ...told } = request.body;
      request.auditNote.query = { alert: id, ...told };
      const handled = await handleAlert(sql, {
        id,
        scope: scopeOf(request),
        by: whoAsks(request).name,
        done: request.body,
      });
      if (!handled) throw noSuch(id);
      request.auditNote.plates = platesOf([handled]);
      return handled;
    },
  );

  server.get(
    '/mutes',
    {
      config: { access: 'alerts', audit: 'view' },
      schema: {
        tags,
        operationId: 'listMutes',
        summary: 'What is silenced',
        querystring,
        response: { 200: mutesSchema },
      },
    },
    async () => ({ mutes: await listMutes(sql) }),
  );

  server.post(
    '/mutes',
    {
      config: { access: 'alerts', audit: 'change' },
      schema: {
        tags,
        operationId: 'createMute',
        summary: 'Silence a rule, a plate, or a plate for one rule',
        description: 'Alerts are still kept and shown, but sent to nobody.',
        querystring,
        body: newMuteSchema,
        response: { 201: freshMuteSchema },
      },
    },
    async (request, reply) => {
      const { rule, plate, until } = request.body;
      request.auditNote.query = { rule, until };
      if (plate !== null) request.auditNote.plates = [plate];
      return reply.code(201).send(await writeMute(sql, request.body, whoAsks(request).name));
    },
  );

  server.delete(
    '/mutes/:mute',
    {
      config: { access: 'alerts', audit: 'change' },
      schema: {
        tags,
        operationId: 'deleteMute',
        summary: 'Let alerts out again',
        params: muteParamsSchema,
        querystring,
        response: { 204: goneSchema, ...missing },
      },
    },
    async (request, reply) => {
      const { mute } = request.params;
      request.auditNote.query = { mute };
      if (!(await removeMute(sql, mute))) throw new AlprError('NOT_FOUND', `Nothing is silenced under ${mute}`);
      return reply.code(204).send(null);
    },
  );
}

type Shown = Awaited<ReturnType<typeof listAlerts>>['items'];

function platesOf(alerts: Shown): readonly string[] {
  return [...new Set(alerts.flatMap(({ alert }) => alert.passage?.plate ?? []))];
}

function noSuch(id: string): AlprError {
  return new AlprError('NOT_FOUND', `There is no alert ${id}`);
}

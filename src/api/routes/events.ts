import type { FastifyReply, FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import { cameraParamsSchema } from '../../contract/api/cameras.ts';
import {
  eventHistorySchema,
  eventPageSchema,
  eventParamsSchema,
  pageQuerySchema,
  plateParamsSchema,
  recentQuerySchema,
} from '../../contract/api/events.ts';
import { noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { eventWaySchema } from '../../contract/api/way.ts';
import { isPlausible } from '../../contract/plausible-time.ts';
import { traceIdOf, traceUrlOf } from '../../contract/trace-id.ts';
import { readEventWay } from '../../store/event-way.ts';
import { type EventFilter, findEvent, type ListOptions, listEvents } from '../../store/events.ts';
import { scopeOf, whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const tags = ['Events'];
const answers = { 200: eventPageSchema, 400: problemSchema };

/** Lists of events and one event with its revisions. */
export function addEventRoutes(server: Server, { sql, traceUrl }: ApiContext): void {
  const list = async (
    request: FastifyRequest,
    reply: FastifyReply,
    filter: Omit<EventFilter, 'scope'> & ListOptions,
  ) => {
    const { text, cursor, ...asked } = filter;
    const note = Object.assign(request.auditNote, { query: asked, plates: text === undefined ? [] : [text] });
    const { items, next } = await listEvents(sql, { ...filter, scope: scopeOf(request) }, filter);
    note.results = items.length;
    // Stored texts already fit the schema; parsing and writing each again would be most of the work.
    const body = `{"events":[${items.join(',')}],"next":${JSON.stringify(next)}}`;
    return reply.type('application/json; charset=utf-8').send(body);
  };

  server.get(
    '/events/recent',
    {
      config: { access: 'events:read', audit: 'view', isPolled: true },
      schema: {
        tags,
        operationId: 'listRecentEvents',
        summary: 'The newest events',
        querystring: recentQuerySchema,
        response: answers,
      },
    },
    (request, reply) => list(request, reply, { ...request.query, misdated: request.query.misdated === 'true' }),
  );

  server.get(
    '/events/plate/:text',
    {
      config: { access: 'search', audit: 'search' },
      schema: {
        tags,
        operationId: 'listEventsOfPlate',
        summary: 'Events of one plate',
        params: plateParamsSchema,
        querystring: pageQuerySchema,
        response: answers,
      },
    },
    (request, reply) => list(request, reply, { ...request.query, text: request.params.text }),
  );

  server.get(
    '/events/camera/:id',
    {
      config: { access: 'events:read', audit: 'view', isPolled: true },
      schema: {
        tags,
        operationId: 'listEventsOfCamera',
        summary: 'Events of one camera',
        params: cameraParamsSchema,
        querystring: pageQuerySchema,
        response: answers,
      },
    },
    (request, reply) => list(request, reply, { ...request.query, camera: request.params.id }),
  );

  server.get(
    '/events/:id',
    {
      config: { access: 'events:read', audit: 'view' },
      schema: {
        tags,
        operationId: 'readEvent',
        summary: 'One event and all its revisions',
        params: eventParamsSchema,
        querystring: noQuery,
        response: {
          200: eventHistorySchema,
          400: problemSchema,
          404: problemSchema,
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const note = Object.assign(request.auditNote, { query: { event: id } });
      const found = await findEvent(sql, id, scopeOf(request));
      if (!found) throw new AlprError('NOT_FOUND', `There is no event ${id}`);
      Object.assign(note, { plates: [found.event.plate.text_normalized], results: 1 });
      return { ...found, misdated: !isPlausible(found.event.detected_at, Date.now()) };
    },
  );

  server.get(
    '/events/:id/way',
    {
      config: { access: 'events:read', audit: 'view' },
      schema: {
        tags,
        operationId: 'readEventWay',
        summary: 'Where an event was, and when',
        description: 'Deliveries of alerts are in it for whoever has the permission `alerts`.',
        params: eventParamsSchema,
        querystring: noQuery,
        response: { 200: eventWaySchema, 400: problemSchema, 404: problemSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      const note = Object.assign(request.auditNote, { query: { event: id } });
      const { scope, permissions } = whoAsks(request);
      const way = await readEventWay(sql, id, { scope, seesChannels: permissions.has('alerts') });
      if (!way) throw new AlprError('NOT_FOUND', `There is no event ${id}`);
      Object.assign(note, { results: 1 });
      return { event_id: id, trace_id: traceIdOf(id), trace_url: traceUrlOf(id, traceUrl), ...way };
    },
  );
}

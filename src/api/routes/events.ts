import type { FastifyReply } from 'fastify';
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
import { isPlausible } from '../../contract/plausible-time.ts';
import { type EventFilter, findEvent, type ListOptions, listEvents } from '../../store/events.ts';
import { scopeOf } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const tags = ['Events'];
const answers = { 200: eventPageSchema, 400: problemSchema };

/** Lists of events and one event with its revisions. */
export function addEventRoutes(server: Server, { sql }: ApiContext): void {
  const list = async (reply: FastifyReply, filter: EventFilter, options: ListOptions) => {
    const { items, next } = await listEvents(sql, filter, options);
    // Stored texts already fit the schema; parsing and writing each again would be most of the work.
    const body = `{"events":[${items.join(',')}],"next":${JSON.stringify(next)}}`;
    return reply.type('application/json; charset=utf-8').send(body);
  };

  server.get(
    '/events/recent',
    {
      config: { access: 'events:read', audit: 'view' },
      schema: {
        tags,
        operationId: 'listRecentEvents',
        summary: 'The newest events',
        querystring: recentQuerySchema,
        response: answers,
      },
    },
    (request, reply) => {
      const { camera, misdated } = request.query;
      return list(reply, { scope: scopeOf(request), camera, misdated: misdated === 'true' }, request.query);
    },
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
    (request, reply) => list(reply, { scope: scopeOf(request), text: request.params.text }, request.query),
  );

  server.get(
    '/events/camera/:id',
    {
      config: { access: 'events:read', audit: 'view' },
      schema: {
        tags,
        operationId: 'listEventsOfCamera',
        summary: 'Events of one camera',
        params: cameraParamsSchema,
        querystring: pageQuerySchema,
        response: answers,
      },
    },
    (request, reply) => list(reply, { scope: scopeOf(request), camera: request.params.id }, request.query),
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
      const found = await findEvent(sql, request.params.id, scopeOf(request));
      if (!found) throw new AlprError('NOT_FOUND', `There is no event ${request.params.id}`);
      return { ...found, misdated: !isPlausible(found.event.detected_at, Date.now()) };
    },
  );
}

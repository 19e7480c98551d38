import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import { pushEndpointSchema, pushKeySchema, pushSubscriptionSchema } from '../../contract/api/channels.ts';
import { goneSchema, noQuery } from '../../contract/api/fields.ts';
import { createPushRegister, removePushSubscription, savePushSubscription } from '../../store/alerts/push.ts';
import { whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const tags = ['Alerts'];
const querystring = noQuery;

/** Browsers that are told of alerts while the page is closed, each for the person who signed in there. */
export function addPushRoutes(server: Server, { sql, keyFile }: ApiContext): void {
  const register = createPushRegister(sql, keyFile);

  server.get(
    '/push/key',
    {
      config: { access: 'events:read' },
      schema: {
        tags,
        operationId: 'getPushKey',
        summary: 'The key that a browser asks its push service with',
        querystring,
        response: { 200: pushKeySchema },
      },
    },
    async () => ({ key: (await register.key()).publicKey }),
  );

  server.post(
    '/push/subscriptions',
    {
      config: { access: 'events:read', audit: 'change' },
      schema: {
        tags,
        operationId: 'subscribePush',
        summary: 'Tell this browser of alerts',
        querystring,
        body: pushSubscriptionSchema,
        response: { 204: goneSchema },
      },
    },
    async (request, reply) => {
      await savePushSubscription(sql, keyFile, { accountId: personOf(request), ...request.body });
      return reply.code(204).send(null);
    },
  );

  server.delete(
    '/push/subscriptions',
    {
      config: { access: 'events:read', audit: 'change' },
      schema: {
        tags,
        operationId: 'unsubscribePush',
        summary: 'Tell this browser no more',
        querystring,
        body: pushEndpointSchema,
        response: { 204: goneSchema },
      },
    },
    async (request, reply) => {
      await removePushSubscription(sql, { accountId: personOf(request), endpoint: request.body.endpoint });
      return reply.code(204).send(null);
    },
  );
}

/** A token is no person, and has no browser. */
function personOf(request: FastifyRequest): string {
  const { kind, id, name } = whoAsks(request);
  if (kind === 'person') return id;
  throw new AlprError('FORBIDDEN', `Expected a person who signed in, got the token ${name}`);
}

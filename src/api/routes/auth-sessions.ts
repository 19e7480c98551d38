import { AlprError } from '../../base/errors.ts';
import { sessionListSchema, sessionParamsSchema } from '../../contract/api/auth.ts';
import { goneSchema, noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { endSession, listSessions } from '../../store/sign-in/sessions.ts';
import { whoAsks } from '../access/guard-routes.ts';
import { ownAccount } from '../access/start-page.ts';
import type { ApiContext, Server } from '../context.ts';

/** Where one is signed in, and how to end it there. */
export function addSessionRoutes(server: Server, context: ApiContext): void {
  const { sql, accounts } = context;

  server.get(
    '/auth/sessions',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['People'],
        operationId: 'listSessions',
        summary: 'Browsers and programs in which you are signed in',
        querystring: noQuery,
        response: { 200: sessionListSchema },
      },
    },
    async (request) => {
      const { id: account } = await ownAccount(context, request);
      const { session: current } = whoAsks(request);
      return { sessions: await listSessions(sql, { account, current, lifetimes: accounts.session }) };
    },
  );

  server.delete(
    '/auth/sessions/:id',
    {
      config: { access: 'signed-in', audit: 'sign-out' },
      schema: {
        tags: ['People'],
        operationId: 'endSession',
        summary: 'End one of your sessions',
        params: sessionParamsSchema,
        querystring: noQuery,
        response: { 204: goneSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      request.auditNote.query = { session: id };
      const account = await ownAccount(context, request);
      if (await endSession(sql, account.id, id)) return reply.code(204).send(null);
      throw new AlprError('NOT_FOUND', 'You have no session with this id that goes on');
    },
  );
}

import { AlprError } from '../../base/errors.ts';
import type { Scope } from '../../contract/access.ts';
import { goneSchema, noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import {
  freshTokenSchema,
  newTokenSchema,
  rotationSchema,
  type Token,
  tokenListSchema,
  tokenParamsSchema,
} from '../../contract/api/tokens.ts';
import { covers, requireOwn } from '../../identity/grants.ts';
import {
  createApiToken,
  findTokenById,
  listApiTokens,
  revokeApiToken,
  rotateApiToken,
} from '../../store/api-tokens.ts';
import { scopeOf, whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const tags = ['Tokens'];
const refusals = { 400: problemSchema, 403: problemSchema };

/** Tokens of programs. Nobody gives, replaces or ends what he does not have. */
export function addTokenRoutes(server: Server, { sql }: ApiContext): void {
  /** A token of elsewhere is as one that there is not. */
  const requireToken = async (id: string, scope: Scope): Promise<Token> => {
    const token = await findTokenById(sql, id);
    if (token && covers(scope, token.scope ?? undefined)) return token;
    throw new AlprError('NOT_FOUND', `There is no token ${id}; /tokens lists those there are`);
  };

  server.get(
    '/tokens',
    {
      config: { access: 'people', audit: 'view' },
      schema: {
        tags,
        operationId: 'listTokens',
        summary: 'The tokens of programs, newest first',
        querystring: noQuery,
        response: { 200: tokenListSchema },
      },
    },
    async (request) => {
      const tokens = await listApiTokens(sql);
      return { tokens: tokens.filter(({ scope }) => covers(scopeOf(request), scope ?? undefined)) };
    },
  );

  server.post(
    '/tokens',
    {
      config: { access: 'people', audit: 'change' },
      schema: {
        tags,
        operationId: 'createToken',
        summary: 'Make a token for a program; it is shown this once',
        querystring: noQuery,
        body: newTokenSchema,
        response: { 201: freshTokenSchema, ...refusals },
      },
    },
    async (request, reply) => {
      const { name, permissions, scope, expires_at } = request.body;
      const asks = whoAsks(request);
      requireOwn(asks, { permissions, scope: scope ?? undefined });
      const fresh = await createApiToken(sql, {
        name,
        permissions,
        scope: scope ?? undefined,
        expiresAt: expires_at === null ? undefined : new Date(expires_at),
        createdBy: asks.kind === 'person' ? asks.id : undefined,
      });
      request.auditNote.query = { token: fresh.token.id, ...request.body };
      return reply.code(201).send(fresh);
    },
  );

  server.post(
    '/tokens/:id/rotate',
    {
      config: { access: 'people', audit: 'change' },
      schema: {
        tags,
        operationId: 'rotateToken',
        summary: 'Replace a token by another that lets through the same',
        params: tokenParamsSchema,
        querystring: noQuery,
        body: rotationSchema,
        response: { 200: freshTokenSchema, 404: problemSchema, 409: problemSchema, ...refusals },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { permissions, scope } = await requireToken(id, scopeOf(request));
      requireOwn(whoAsks(request), { permissions, scope: scope ?? undefined });
      const fresh = await rotateApiToken(sql, { id, overlapS: request.body.overlap_s });
      if (!fresh) throw new AlprError('CONFLICT', 'Expected a token in use, this one is over; make another one');
      request.auditNote.query = { token: id, ...request.body };
      return fresh;
    },
  );

  server.delete(
    '/tokens/:id',
    {
      config: { access: 'people', audit: 'change' },
      schema: {
        tags,
        operationId: 'revokeToken',
        summary: 'End a token at once',
        params: tokenParamsSchema,
        querystring: noQuery,
        response: { 204: goneSchema, 404: problemSchema, ...refusals },
      },
    },
    async (request, reply) => {
      const { id, permissions, scope } = await requireToken(request.params.id, scopeOf(request));
      requireOwn(whoAsks(request), { permissions, scope: scope ?? undefined });
      await revokeApiToken(sql, id);
      request.auditNote.query = { token: id };
      return reply.code(204).send(null);
    },
  );
}

import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import { goneSchema, noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import {
  newSavedSearchSchema,
  renameSavedSearchSchema,
  savedSearchesSchema,
  savedSearchParamsSchema,
  savedSearchSchema,
} from '../../contract/api/saved-searches.ts';
import {
  listSavedSearches,
  MOST_SAVED,
  removeSavedSearch,
  renameSavedSearch,
  saveSearch,
} from '../../store/saved-searches.ts';
import { whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const tags = ['Search'];
const querystring = noQuery;

/** Searches under a name, each for whoever saved it. */
export function addSavedSearchRoutes(server: Server, { sql }: ApiContext): void {
  server.get(
    '/saved-searches',
    {
      config: { access: 'search', audit: 'view' },
      schema: {
        tags,
        operationId: 'listSavedSearches',
        summary: 'The searches that the caller has saved',
        querystring,
        response: { 200: savedSearchesSchema },
      },
    },
    async (request) => ({ searches: await listSavedSearches(sql, ownerOf(request)) }),
  );

  server.post(
    '/saved-searches',
    {
      config: { access: 'search', audit: 'change' },
      schema: {
        tags,
        operationId: 'saveSearch',
        summary: 'Save a search under a name',
        querystring,
        body: newSavedSearchSchema,
        response: { 201: savedSearchSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const { name, query } = request.body;
      if (query.q !== undefined) request.auditNote.plates = [query.q];
      const saved = await saveSearch(sql, ownerOf(request), request.body);
      if (saved) return reply.code(201).send(saved);
      const expected = `Expected a name that none of your at most ${MOST_SAVED} searches has, got ${name}`;
      throw new AlprError('CONFLICT', `${expected}; rename or delete one`);
    },
  );

  server.patch(
    '/saved-searches/:id',
    {
      config: { access: 'search', audit: 'change' },
      schema: {
        tags,
        operationId: 'renameSavedSearch',
        summary: 'Give a saved search another name',
        querystring,
        params: savedSearchParamsSchema,
        body: renameSavedSearchSchema,
        response: { 200: savedSearchSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      const owner = ownerOf(request);
      request.auditNote.query = { id };
      const renamed = await renameSavedSearch(sql, owner, { id, ...request.body });
      if (renamed) return renamed;
      const mine = await listSavedSearches(sql, owner);
      if (!mine.some((one) => one.id === id)) throw noSuch(id);
      throw new AlprError('CONFLICT', `Expected a name that none of your searches has, got ${request.body.name}`);
    },
  );

  server.delete(
    '/saved-searches/:id',
    {
      config: { access: 'search', audit: 'change' },
      schema: {
        tags,
        operationId: 'deleteSavedSearch',
        summary: 'Delete a saved search',
        querystring,
        params: savedSearchParamsSchema,
        response: { 204: goneSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      request.auditNote.query = { id };
      if (!(await removeSavedSearch(sql, ownerOf(request), id))) throw noSuch(id);
      return reply.code(204).send(null);
    },
  );
}

function ownerOf(request: FastifyRequest): string {
  const { kind, id } = whoAsks(request);
  return `${kind}:${id}`;
}

function noSuch(id: string): AlprError {
  return new AlprError('NOT_FOUND', `You have saved no search ${id}`);
}

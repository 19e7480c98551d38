import type { FastifyRequest } from 'fastify';
import { noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import {
  analyticsQuerySchema,
  analyticsSchema,
  countQuerySchema,
  facetsSchema,
  fullTextQuerySchema,
  searchAnswerSchema,
  searchQuerySchema,
} from '../../contract/api/search.ts';
import type { CountQuery, SearchQuery } from '../../search/search.ts';
import { scopeOf } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const answers = { 200: searchAnswerSchema, 400: problemSchema };

/** Search by plate text and filters, and counts of what it finds. */
export function addSearchRoutes(server: Server, { search }: ApiContext): void {
  const find = async (request: FastifyRequest, query: SearchQuery) => {
    const note = noteSearch(request, query);
    const found = await search.search(query);
    note.results = found.results.length;
    return found;
  };

  server.get(
    '/events/search',
    {
      config: { access: 'search', audit: 'search' },
      schema: {
        tags: ['Search'],
        operationId: 'searchEvents',
        summary: 'Events by what their plate says, each with the reason why it was found',
        description: 'Without `q` the filters alone decide, and the newest come first.',
        querystring: searchQuerySchema,
        response: answers,
      },
    },
    (request) => find(request, asked(request, request.query)),
  );

  server.get(
    '/search/fulltext',
    {
      config: { access: 'search', audit: 'search' },
      schema: {
        tags: ['Search'],
        operationId: 'searchFullText',
        summary: 'The same search in one line, such as `AB12 camera:gate region:de`',
        description:
          'The fields are camera, site, region, vehicle, direction, zone, from and to. Words without a field are the text.',
        querystring: fullTextQuerySchema,
        response: answers,
      },
    },
    (request) => find(request, asked(request, request.query)),
  );

  server.post(
    '/search/query',
    {
      config: { access: 'search', audit: 'search' },
      schema: {
        tags: ['Search'],
        operationId: 'querySearch',
        summary: 'The same search with its fields in a JSON body',
        querystring: noQuery,
        body: searchQuerySchema,
        response: answers,
      },
    },
    (request) => find(request, asked(request, request.body)),
  );

  server.get(
    '/search/facets',
    {
      config: { access: 'search', audit: 'search' },
      schema: {
        tags: ['Search'],
        operationId: 'countByFacets',
        summary: 'How many events there are, or a search finds, by camera, site, region, vehicle and hour of the day',
        querystring: countQuerySchema,
        response: { 200: facetsSchema, 400: problemSchema },
      },
    },
    async (request) => {
      const query = lately(asked(request, request.query));
      const note = noteSearch(request, query);
      const counted = await search.facets(query);
      note.results = counted.events;
      return counted;
    },
  );

  server.get(
    '/search/analytics',
    {
      config: { access: 'search', audit: 'search' },
      schema: {
        tags: ['Search'],
        operationId: 'countOverTime',
        summary: 'How many events there are, or a search finds, over time',
        querystring: analyticsQuerySchema,
        response: { 200: analyticsSchema, 400: problemSchema },
      },
    },
    async (request) => {
      const query = lately(asked(request, request.query));
      noteSearch(request, query);
      return { bucket: query.bucket, reads: await search.analytics(query) };
    },
  );
}

/** What is searched for goes into the audit: the text as a plate, the rest as it is. */
function noteSearch(
  { auditNote }: FastifyRequest,
  { q, cursor: _, ...query }: CountQuery & Pick<Partial<SearchQuery>, 'cursor'>,
) {
  return Object.assign(auditNote, { query, plates: q === undefined ? [] : [q] });
}

/** The query with the names that the port uses, for what the caller may see. */
function asked<Query extends { min_confidence?: number | undefined }>(
  request: FastifyRequest,
  { min_confidence, ...rest }: Query,
) {
  return { ...rest, minConfidence: min_confidence, scope: scopeOf(request) };
}

const WEEK_MS = 7 * 86_400_000;

/** Counting takes as long as there are events, so without a start only recent ones are counted. */
function lately<Query extends { q?: string | undefined; from?: string | undefined; to?: string | undefined }>(
  query: Query,
) {
  if (query.q !== undefined || query.from !== undefined) return query;
  const end = query.to === undefined ? Date.now() : Date.parse(query.to);
  return { ...query, from: new Date(end - WEEK_MS).toISOString() };
}

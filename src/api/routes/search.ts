import { problemSchema } from '../../contract/api/problem.ts';
import {
  analyticsQuerySchema,
  analyticsSchema,
  countQuerySchema,
  facetsSchema,
  searchAnswerSchema,
  searchQuerySchema,
} from '../../contract/api/search.ts';
import type { ApiContext, Server } from '../context.ts';

/** Search by plate text, and counts of what it finds. */
export function addSearchRoutes(server: Server, { search }: ApiContext): void {
  server.get(
    '/events/search',
    {
      schema: {
        tags: ['Search'],
        summary: 'Events by what their plate says, each with the reason why it was found',
        querystring: searchQuerySchema,
        response: { 200: searchAnswerSchema, 400: problemSchema },
      },
    },
    (request) => search.search(named(request.query)),
  );

  server.get(
    '/search/facets',
    {
      schema: {
        tags: ['Search'],
        summary: 'How many events there are, or a search finds, by camera, site, region, vehicle and hour of the day',
        querystring: countQuerySchema,
        response: { 200: facetsSchema, 400: problemSchema },
      },
    },
    (request) => search.facets(lately(named(request.query))),
  );

  server.get(
    '/search/analytics',
    {
      schema: {
        tags: ['Search'],
        summary: 'How many events there are, or a search finds, over time',
        querystring: analyticsQuerySchema,
        response: { 200: analyticsSchema, 400: problemSchema },
      },
    },
    async (request) => {
      const { bucket } = request.query;
      return { bucket, reads: await search.analytics(lately(named(request.query))) };
    },
  );
}

/** The query with the names that the port uses. */
function named<Query extends { min_confidence?: number | undefined }>({ min_confidence, ...rest }: Query) {
  return { ...rest, minConfidence: min_confidence };
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

import { z } from 'zod';
import { plateEventSchema } from '../../contract/plate-event.ts';
import { BUCKETS, REASON_KINDS, SEARCH_MODES } from '../../search/search.ts';
import { type ApiContext, problemSchema, type Server } from '../context.ts';
import { cameraField, cursorField, limitField, momentField } from '../fields.ts';

const answer = z.strictObject({
  results: z.array(
    z.strictObject({
      event: plateEventSchema,
      score: z
        .number()
        .min(0)
        .max(1)
        .describe('1 is the very text; in mode likelihood the probability that this is the plate asked for'),
      reason: z.strictObject({
        kind: z.enum(REASON_KINDS),
        distance: z.number().int(),
        detail: z.string().describe('In words, such as `8↔B at 3` or, in mode likelihood, `8↔B at 3, p 0.31`'),
      }),
    }),
  ),
  next: z.string().nullable(),
  mode: z.enum(SEARCH_MODES).describe('The mode really used'),
});

const value = z
  .string()
  .min(1)
  .max(64)
  .regex(/^\P{Cc}+$/u, 'expected no control characters');
const text = z.string().min(1).max(64).describe('Letters and digits; `?` one character, `*` any number of them');
const mode = z
  .enum(SEARCH_MODES)
  .default('auto')
  .describe('`likelihood` finds what `fuzzy` finds, those first whose read makes the text likeliest');

const filter = {
  camera: cameraField.optional(),
  site: value.optional().describe('Id of a site'),
  region: value.optional().describe('Region of the plate, as events name it'),
  vehicle: value.optional().describe('Class of the vehicle, as events name it'),
  from: momentField.optional(),
  to: momentField.optional(),
  min_confidence: z.coerce.number().min(0).max(1).optional(),
};

const query = z.strictObject({ q: text, mode, ...filter, limit: limitField, cursor: cursorField });

const countQuery = z.strictObject({
  q: text
    .optional()
    .describe('Only events that a search for it finds; without it the last 7 days, unless `from` is said'),
  mode,
  ...filter,
});

const counts = z.array(z.strictObject({ value: z.string(), events: z.number().int() }));

const facets = z.strictObject({
  events: z.number().int(),
  cameras: counts.describe('At most 100, most events first; so are the others'),
  sites: counts,
  regions: counts,
  vehicles: counts,
  hours: counts.describe('By hour of the day in UTC, 00 to 23'),
});

const analytics = z.strictObject({
  bucket: z.enum(BUCKETS),
  reads: z.array(
    z.strictObject({
      at: z.string().describe('Where the bucket begins, UTC; weeks on Monday'),
      events: z.number().int(),
      mean_confidence: z.number().nullable(),
    }),
  ),
});

/** Search by what a plate says, and counts of what it finds. */
export function addSearchRoutes(server: Server, { search }: ApiContext): void {
  server.get(
    '/events/search',
    {
      schema: {
        tags: ['Search'],
        summary: 'Events by what their plate says, each with the reason why it was found',
        querystring: query,
        response: { 200: answer, 400: problemSchema },
      },
    },
    async (request) => {
      const { results, next, mode } = await search.search(named(request.query));
      return { results: [...results], next, mode };
    },
  );

  server.get(
    '/search/facets',
    {
      schema: {
        tags: ['Search'],
        summary: 'How many events there are, or a search finds, by camera, site, region, vehicle and hour of the day',
        querystring: countQuery,
        response: { 200: facets, 400: problemSchema },
      },
    },
    async (request) => {
      const { events, cameras, sites, regions, vehicles, hours } = await search.facets(lately(named(request.query)));
      return {
        events,
        cameras: [...cameras],
        sites: [...sites],
        regions: [...regions],
        vehicles: [...vehicles],
        hours: [...hours],
      };
    },
  );

  server.get(
    '/search/analytics',
    {
      schema: {
        tags: ['Search'],
        summary: 'How many events there are, or a search finds, over time',
        querystring: countQuery.extend({ bucket: z.enum(BUCKETS).default('day') }),
        response: { 200: analytics, 400: problemSchema },
      },
    },
    async (request) => {
      const { bucket } = request.query;
      return { bucket, reads: [...(await search.analytics(lately(named(request.query))))] };
    },
  );
}

/** The query as the port names its parts. */
function named<Query extends { min_confidence?: number | undefined }>({ min_confidence, ...rest }: Query) {
  return { ...rest, minConfidence: min_confidence };
}

const WEEK_MS = 7 * 86_400_000;

/** Counting everything that is stored takes as long as there is much: who wants that says from when. */
function lately<Query extends { q?: string | undefined; from?: string | undefined; to?: string | undefined }>(
  query: Query,
) {
  if (query.q !== undefined || query.from !== undefined) return query;
  const end = query.to === undefined ? Date.now() : Date.parse(query.to);
  return { ...query, from: new Date(end - WEEK_MS).toISOString() };
}

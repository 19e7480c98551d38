import { z } from 'zod';
import { plateEventSchema } from '../../contract/plate-event.ts';
import { REASON_KINDS, SEARCH_MODES } from '../../search/search.ts';
import { type ApiContext, problemSchema, type Server } from '../context.ts';
import { cameraField, cursorField, limitField, momentField } from '../fields.ts';

const answer = z.strictObject({
  results: z.array(
    z.strictObject({
      event: plateEventSchema,
      score: z.number().min(0).max(1).describe('1 is the very text'),
      reason: z.strictObject({
        kind: z.enum(REASON_KINDS),
        distance: z.number().int(),
        detail: z.string().describe('In words, such as `8↔B at 3`'),
      }),
    }),
  ),
  next: z.string().nullable(),
  mode: z.enum(SEARCH_MODES).describe('The mode really used'),
});

const query = z.strictObject({
  q: z.string().min(1).max(64).describe('Letters and digits; `?` one character, `*` any number of them'),
  mode: z.enum(SEARCH_MODES).default('auto'),
  camera: cameraField.optional(),
  from: momentField.optional(),
  to: momentField.optional(),
  min_confidence: z.coerce.number().min(0).max(1).optional(),
  limit: limitField,
  cursor: cursorField,
});

/** Search by what a plate says. */
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
      const { min_confidence: minConfidence, ...rest } = request.query;
      const { results, next, mode } = await search.search({ ...rest, minConfidence });
      return { results: [...results], next, mode };
    },
  );
}

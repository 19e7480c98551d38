import { eventParamsSchema } from '../../contract/api/events.ts';
import { noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { decidedSchema, decisionSchema, queueQuerySchema, queueSchema } from '../../contract/api/review.ts';
import type { PlateEvent } from '../../contract/plate-event.ts';
import { reviewEvent } from '../../review/review-event.ts';
import { takeQueue } from '../../store/review.ts';
import { scopeOf, whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const tags = ['Review'];

/** What people decide on reads. */
export function addReviewRoutes(server: Server, { sql, bus }: ApiContext): void {
  server.get(
    '/review/queue',
    {
      config: { access: 'events:write', audit: 'view' },
      schema: {
        tags,
        operationId: 'takeReviewQueue',
        summary: 'Unreviewed reads, those that teach most or are most doubtful first',
        description: 'They are kept for the caller for two minutes: others are offered other reads meanwhile.',
        querystring: queueQuerySchema,
        response: { 200: queueSchema },
      },
    },
    async (request) => {
      const { limit, order, ...filter } = request.query;
      const { kind, id } = whoAsks(request);
      const wanted = { filter: { ...filter, scope: scopeOf(request) }, order, holder: `${kind}:${id}`, limit };
      const queue = await takeQueue(sql, wanted);
      request.auditNote.query = filter;
      request.auditNote.results = queue.reads.length;
      request.auditNote.plates = queue.reads.map(({ event }) => event.plate.text_normalized);
      return queue;
    },
  );

  server.post(
    '/events/:id/review',
    {
      config: { access: 'events:write', audit: 'change', showsEvents: true },
      schema: {
        tags,
        operationId: 'reviewEvent',
        summary: 'Confirm, correct, reject or merge a read',
        description:
          'Makes a new revision, numbered from 1,000,000 on, which no later revision of the machine replaces. The answer waits until it is stored; 202 says that this takes longer.',
        params: eventParamsSchema,
        querystring: noQuery,
        body: decisionSchema,
        response: { 200: decidedSchema, 202: decidedSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const into = body.action === 'merge' ? { into: body.into } : {};
      request.auditNote.query = { event: params.id, action: body.action, ...into };
      const onSeen = ({ plate }: PlateEvent) => {
        const corrected = body.action === 'correct' ? [body.text] : [];
        request.auditNote.plates = [...new Set([plate.text_normalized, ...corrected])];
      };
      const by = whoAsks(request);
      const decided = await reviewEvent({ sql, bus, eventId: params.id, decision: body, by, onSeen });
      return reply.code(decided.stored ? 200 : 202).send(decided);
    },
  );
}

import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import { noQuery } from '../../contract/api/fields.ts';
import {
  erasureAnswerSchema,
  erasureListQuerySchema,
  erasureListSchema,
  holdListQuerySchema,
  holdListSchema,
  holdSchema,
  inventorySchema,
  newErasureSchema,
  newHoldSchema,
  privacyIdParams,
  retentionReportSchema,
  type Subject,
  signedReportSchema,
  subjectAccessQuerySchema,
  zipSchema,
} from '../../contract/api/privacy.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { readLookUps } from '../../privacy/look-ups.ts';
import { listErasures, readReport } from '../../store/privacy/erasures.ts';
import { endHold, listHolds } from '../../store/privacy/holds.ts';
import { whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const tags = ['Privacy'];
const see = { access: 'privacy', audit: 'view' } as const;
const change = { access: 'privacy', audit: 'change', showsEvents: true } as const;
const refusals = { 400: problemSchema, 404: problemSchema, 409: problemSchema };

/** Where plates live and how long, what keeps them, and what erases them. */
export function addPrivacyRoutes(server: Server, context: ApiContext): void {
  addInventory(server, context);
  addHolds(server, context);
  addErasures(server, context);
  addSubjectAccess(server, context);
}

function addInventory(server: Server, { privacy }: ApiContext): void {
  server.get(
    '/privacy/inventory',
    {
      config: see,
      preHandler: everywhere,
      schema: {
        tags,
        operationId: 'readInventory',
        summary: 'Every place where plates live, and how much is in it',
        querystring: noQuery,
        response: { 200: inventorySchema },
      },
    },
    () => privacy.takeInventory(),
  );
  server.get(
    '/privacy/retention',
    {
      config: see,
      preHandler: everywhere,
      schema: {
        tags,
        operationId: 'tryRetention',
        summary: 'What retention would remove now, place by place; nothing is removed',
        querystring: noQuery,
        response: { 200: retentionReportSchema },
      },
    },
    () => privacy.tryRetention(),
  );
}

function addHolds(server: Server, { privacy, sql }: ApiContext): void {
  server.get(
    '/privacy/holds',
    {
      config: see,
      preHandler: everywhere,
      schema: {
        tags,
        operationId: 'listHolds',
        summary: 'Holds in force, or those that have ended',
        querystring: holdListQuerySchema,
        response: { 200: holdListSchema, 400: problemSchema },
      },
    },
    async (request) => {
      const holds = await listHolds(sql, { ended: request.query.ended === 'true' });
      request.auditNote.plates = holds.flatMap(({ plate }) => plate ?? []);
      return { holds };
    },
  );
  server.post(
    '/privacy/holds',
    {
      config: change,
      preHandler: everywhere,
      schema: {
        tags,
        operationId: 'addHold',
        summary: 'Keep all of a plate, or one event, from retention and erasure',
        querystring: noQuery,
        body: newHoldSchema,
        response: { 200: holdSchema, ...refusals },
      },
    },
    (request) => {
      const { subject, case_number: caseNumber, until, ...rest } = request.body;
      noteSubject(request, subject);
      return privacy.hold({ ...rest, subject, caseNumber, by: whoAsks(request).name, until });
    },
  );
  server.post(
    '/privacy/holds/:id/end',
    {
      config: change,
      preHandler: everywhere,
      schema: {
        tags,
        operationId: 'endHold',
        summary: 'End a hold',
        params: privacyIdParams,
        querystring: noQuery,
        response: { 200: holdSchema, ...refusals },
      },
    },
    async (request) => {
      const { id } = request.params;
      request.auditNote.query = { id };
      const ended = await endHold(sql, { id, by: whoAsks(request).name });
      if (!ended) throw new AlprError('NOT_FOUND', `There is no hold ${id} in force`);
      return ended;
    },
  );
}

function addErasures(server: Server, { privacy, sql, hub }: ApiContext): void {
  server.get(
    '/privacy/erasures',
    {
      config: see,
      preHandler: everywhere,
      schema: {
        tags,
        operationId: 'listErasures',
        summary: 'Erasures that were done',
        querystring: erasureListQuerySchema,
        response: { 200: erasureListSchema, 400: problemSchema },
      },
    },
    (request) => listErasures(sql, request.query),
  );
  server.post(
    '/privacy/erasures',
    {
      config: change,
      preHandler: everywhere,
      schema: {
        tags,
        operationId: 'erase',
        summary: 'Erase everything on a plate or of an event, or say what would be erased',
        querystring: noQuery,
        body: newErasureSchema,
        response: { 200: erasureAnswerSchema, ...refusals },
      },
    },
    async (request) => {
      const { subject, reason, dry_run: dryRun, scrub } = request.body;
      // An entry that names the plate would bring back what is being erased; so would a reason that is refused because it does.
      request.auditNote.query = { dry_run: dryRun, scrub };
      if (dryRun) noteSubject(request, subject);
      const report = await privacy.erase({ subject, reason, by: whoAsks(request).name, dryRun, scrub });
      request.auditNote.query = { ...request.auditNote.query, reason };
      if (!dryRun) hub.forget();
      request.auditNote.results = report.events;
      return { report, signed: !dryRun };
    },
  );
  server.get(
    '/privacy/erasures/:id',
    {
      config: see,
      preHandler: everywhere,
      schema: {
        tags,
        operationId: 'readErasure',
        summary: 'The signed report of an erasure',
        params: privacyIdParams,
        querystring: noQuery,
        response: { 200: signedReportSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const signed = await readReport(sql, id);
      if (signed === undefined) throw new AlprError('NOT_FOUND', `There is no erasure ${id}`);
      return reply
        .header('content-disposition', `attachment; filename="erasure-${id}.json"`)
        .type('application/json; charset=utf-8')
        .send(JSON.parse(signed));
    },
  );
}

function addSubjectAccess(server: Server, { privacy, sql, audit }: ApiContext): void {
  server.get(
    '/privacy/subject-access',
    {
      exposeHeadRoute: false,
      config: { access: 'privacy', audit: 'export' },
      preHandler: everywhere,
      schema: {
        tags,
        operationId: 'answerSubject',
        summary: 'A zip of everything on a plate, for the person who asks what is kept',
        querystring: subjectAccessQuerySchema,
        response: {
          403: problemSchema,
          200: { description: 'The zip', content: { 'application/zip': { schema: zipSchema } } },
          400: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { plate, look_ups } = request.query;
      request.auditNote.plates = [plate];
      const tellsWho = look_ups === 'true';
      if (tellsWho && !whoAsks(request).permissions.has('audit')) {
        throw new AlprError(
          'FORBIDDEN',
          'Expected the permission audit to say who looked a plate up; leave look_ups out',
        );
      }
      const lookUps = tellsWho ? await readLookUps(sql, audit.keys.plates, plate) : undefined;
      return reply
        .header('content-disposition', 'attachment; filename="subject-access.zip"')
        .type('application/zip')
        .send(privacy.answerSubject({ plate, lookUps }));
    },
  );
}

/** Who may see some cameras only cannot answer for all that is kept of a plate. */
async function everywhere(request: FastifyRequest): Promise<void> {
  const { name, scope } = whoAsks(request);
  if (scope === undefined) return;
  throw new AlprError('FORBIDDEN', `Expected somebody who may see every camera, ${name} may not; ask an administrator`);
}

type Noted = Readonly<{
  auditNote: { plates?: readonly string[]; query?: Readonly<Record<string, unknown>> };
}>;

function noteSubject({ auditNote }: Noted, subject: Subject): void {
  if ('plate' in subject) auditNote.plates = [subject.plate];
  else auditNote.query = { ...auditNote.query, event: subject.event };
}

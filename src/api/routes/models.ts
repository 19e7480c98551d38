import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import { noQuery } from '../../contract/api/fields.ts';
import {
  canarySchema,
  changedModelSchema,
  type Judgement,
  modelListSchema,
  modelParamsSchema,
  promotionSchema,
  rollBackQuerySchema,
  type ShadowPair,
  shadowQuerySchema,
  shadowSchema,
} from '../../contract/api/models.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { judgeChallenger } from '../../promotion/judge.ts';
import { rollBack, rollOut } from '../../promotion/roll-out.ts';
import { listDecisions } from '../../store/models/decisions.ts';
import { countShadowReads, listDifferences, listShadowPairs } from '../../store/models/shadow-reads.ts';
import { scopeOf, whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';
import { showVersion } from '../show-version.ts';

const tags = ['Models'];
const refusals = { 403: problemSchema, 404: problemSchema, 409: problemSchema, 503: problemSchema };

/** Versions of models, how a challenger compares, and what is decided on them. */
export function addModelRoutes(server: Server, { sql, registry, promotion: rule, reports }: ApiContext): void {
  const listVersions = async (model: string) => ({
    versions: (await registry.list()).filter((one) => one.model === model).map(showVersion),
  });
  const findVersion = async (model: string, version: string) => {
    const versions = (await registry.list()).filter((one) => one.model === model);
    const found = versions.find((one) => one.version === version);
    if (found) return { found, champion: versions.find(({ aliases }) => aliases.includes('champion')) };
    throw new AlprError('NOT_FOUND', `There is no version ${version} of ${model}; /models lists the versions`);
  };
  /** What is known of a version when somebody decides on it, for the record. */
  const judge = async (model: string, version: string): Promise<Judgement | null> => {
    const { found, champion } = await findVersion(model, version);
    const pairs = await listShadowPairs(sql, model, undefined);
    const pair = pairs.find((one) => one.challenger === found.id && (!champion || one.reader === champion.id));
    if (!pair) return null;
    return judgeChallenger((await countShadowReads(sql, { ...pair, scope: undefined })).total, rule);
  };
  const change = async (request: FastifyRequest, model: string, asked: Change) => {
    const figures = await judge(model, asked.version);
    request.auditNote.query = { model, ...asked, ...figures };
    const { name: by } = whoAsks(request);
    await rollOut({ sql, registry, decision: { cameras: [], ...asked, model, by, figures } });
    return listVersions(model);
  };

  server.get(
    '/models',
    {
      config: { access: 'system' },
      schema: {
        tags,
        operationId: 'listModels',
        summary: 'Model versions, the processes that run them, and the decisions on them',
        querystring: noQuery,
        response: { 200: modelListSchema, 503: problemSchema },
      },
    },
    async () => {
      const { automatic, min_reviewed, p, canary_hours } = rule;
      const running = reports.list().filter(({ models }) => models.length > 0);
      return {
        registry: registry.kind,
        versions: (await registry.list()).map(showVersion),
        fleet: running.map(({ site_id, service, instance, reported_at, is_silent, models, model_versions }) => ({
          ...{ site_id, service, instance, reported_at, is_silent, models, model_versions },
        })),
        decisions: await listDecisions(sql),
        rule: { automatic, min_reviewed, p, canary_hours },
      };
    },
  );

  server.get(
    '/models/:model/shadow',
    {
      config: { access: 'events:read', audit: 'view' },
      schema: {
        tags,
        operationId: 'readShadow',
        summary: 'Compare a challenger with the reader on what the caller may see, with the reads that differ',
        params: modelParamsSchema,
        querystring: shadowQuerySchema,
        response: { 200: shadowSchema, 400: problemSchema },
      },
    },
    async (request) => {
      const { reader, challenger, ...asked } = request.query;
      const scope = scopeOf(request);
      const pairs = await listShadowPairs(sql, request.params.model, scope);
      const isMeant = (pair: ShadowPair) =>
        (reader ?? pair.reader) === pair.reader && (challenger ?? pair.challenger) === pair.challenger;
      const pair = pairs.find(isMeant);
      if (!pair) return { pairs, pair: null, judgement: null, groups: [], differences: [], next: null };
      const filter = { ...asked, reader: pair.reader, challenger: pair.challenger, scope };
      const [{ total, groups }, { items, next }] = await Promise.all([
        countShadowReads(sql, filter),
        listDifferences(sql, filter),
      ]);
      request.auditNote.query = { model: request.params.model, challenger: pair.challenger };
      request.auditNote.results = items.length;
      const shown = items.flatMap(({ reader, challenger, truth }) => [reader.text, challenger.text, truth ?? '']);
      request.auditNote.plates = [...new Set(shown)].filter((text) => text !== '');
      return { pairs, pair, judgement: judgeChallenger(total, rule), groups, differences: items, next };
    },
  );

  server.post(
    '/models/:model/promote',
    {
      config: { access: 'models', audit: 'change' },
      schema: {
        tags,
        operationId: 'promoteModel',
        summary: 'Promote a version for all cameras',
        description: 'Each edge switches to it once it has verified and tried it.',
        params: modelParamsSchema,
        querystring: noQuery,
        body: promotionSchema,
        response: { 200: changedModelSchema, ...refusals },
      },
    },
    (request) => change(request, request.params.model, { action: 'promote', ...request.body }),
  );

  server.post(
    '/models/:model/canary',
    {
      config: { access: 'models', audit: 'change' },
      schema: {
        tags,
        operationId: 'tryModel',
        summary: 'Choose cameras that run a version before all others do',
        params: modelParamsSchema,
        querystring: noQuery,
        body: canarySchema,
        response: { 200: changedModelSchema, ...refusals },
      },
    },
    (request) => change(request, request.params.model, { action: 'canary', ...request.body }),
  );

  server.post(
    '/models/:model/rollback',
    {
      config: { access: 'models', audit: 'change' },
      schema: {
        tags,
        operationId: 'rollBackModel',
        summary: 'Go back to the previous champion, or end the trial of a version',
        params: modelParamsSchema,
        querystring: rollBackQuerySchema,
        response: { 200: changedModelSchema, ...refusals },
      },
    },
    async (request) => {
      const { model } = request.params;
      const { version: tried } = request.query;
      if (tried !== undefined) return change(request, model, { action: 'refuse', version: tried });
      const version = await rollBack(sql, registry, { model, by: whoAsks(request).name });
      request.auditNote.query = { model, version };
      return listVersions(model);
    },
  );
}

type Change = Readonly<{ action: 'promote' | 'canary' | 'refuse'; version: string; cameras?: readonly string[] }>;

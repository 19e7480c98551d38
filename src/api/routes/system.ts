import { statfs } from 'node:fs/promises';
import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import { admits } from '../../contract/access.ts';
import { noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import {
  logQuerySchema,
  logTailSchema,
  serviceParamsSchema,
  serviceStatusSchema,
  systemSchema,
} from '../../contract/api/system.ts';
import { scopeOf, whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const tags = ['System'];

/** What answers requests, and so can neither stop itself nor be started by them. */
const ANSWERING = 'serve';

/** The services of this process, what other processes report, and the newest lines of the log. */
export function addSystemRoutes(server: Server, { services, reports, logTail, dataFolder }: ApiContext): void {
  server.get(
    '/system',
    {
      config: { access: 'system' },
      schema: {
        tags,
        operationId: 'readSystem',
        summary: 'Services, processes, consumers, spools and disk',
        querystring: noQuery,
        response: { 200: systemSchema },
      },
    },
    async (request) => {
      const scope = scopeOf(request);
      const { bavail, blocks, bsize } = await statfs(dataFolder);
      return {
        services: await services.examine(),
        processes: reports.list().filter(({ site_id: site }) => admits(scope, { camera: '', site })),
        disk: { free_bytes: bavail * bsize, total_bytes: blocks * bsize },
      };
    },
  );

  server.post(
    '/system/services/:service/:action',
    {
      config: { access: 'services', audit: 'change' },
      schema: {
        tags,
        operationId: 'changeService',
        summary: 'Start, stop or restart a service of this process',
        description:
          'The answer comes when it is done. What is on its way meanwhile waits in the spool or on the broker, and is lost to nobody.',
        params: serviceParamsSchema,
        querystring: noQuery,
        response: { 200: serviceStatusSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request) => {
      const { service, action } = request.params;
      request.auditNote.query = { service, do: action };
      if (service === ANSWERING) {
        throw new AlprError(
          'CONFLICT',
          `Expected a service other than ${ANSWERING}, which is the one that answers this; restart the process instead`,
        );
      }
      return services.change(service, action);
    },
  );

  server.get(
    '/system/log',
    {
      config: { access: 'system', audit: 'view', isPolled: true },
      schema: {
        tags,
        operationId: 'readLog',
        summary: 'The newest lines of the log of this process',
        querystring: logQuerySchema,
        response: { 200: logTailSchema, 403: problemSchema },
      },
    },
    async (request) => {
      requireWholeView(request);
      const { level, contains, after, limit } = request.query;
      request.auditNote.query = { level };
      const { lines, newest } = logTail.read({ level, contains, after, limit });
      return { lines: [...lines], newest };
    },
  );
}

/** Lines name cameras and events of every site. */
function requireWholeView(request: FastifyRequest): void {
  if (whoAsks(request).scope === undefined) return;
  throw new AlprError(
    'FORBIDDEN',
    'Expected somebody who may see all cameras and sites: the log is about the whole system',
  );
}

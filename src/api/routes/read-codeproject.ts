import { noQuery } from '../../contract/api/fields.ts';
import { aiStatusSchema, alprBodySchema, alprSchema, customModelsSchema } from '../../contract/api/read-foreign.ts';
import { encodeAlpr, encodeCustomModels } from '../../exchange/codeproject.ts';
import type { ApiContext, Server } from '../context.ts';
import { createErrorHandler } from '../errors.ts';
import { answerRead } from '../read/answer-read.ts';
import { takeForm } from '../read/form.ts';
import type { ReadDesk } from '../read/read-desk.ts';

const tags = ['Reading'];

/** What clients of CodeProject.AI ask. They know no token: those of the addresses that the configuration lists need none. */
export function addCodeProjectRoutes(server: Server, context: ApiContext, desk: ReadDesk): void {
  const { siteId, sql, log, version, config } = context;
  const clients = config.read.codeproject_clients;
  const errorHandler = createErrorHandler(log, ({ message }) => ({ success: false, error: message }));
  server.post(
    '/v1/vision/alpr',
    {
      config: { access: 'read', audit: 'read', clients },
      bodyLimit: desk.bodyLimit,
      preParsing: desk.admit,
      preValidation: takeForm('upload'),
      errorHandler,
      schema: {
        tags,
        operationId: 'readAlpr',
        summary: 'The plates of a picture, as CodeProject.AI answers',
        description:
          'Without a token for clients whose addresses `server.read.codeproject_clients` lists. Also at /v1/image/alpr.',
        consumes: ['multipart/form-data', 'application/json', 'application/x-www-form-urlencoded'],
        querystring: noQuery,
        body: alprBodySchema,
        response: { 200: alprSchema },
      },
    },
    async (request) => {
      const { upload: image, min_confidence: minConfidence } = request.body;
      const asked = { image, event: false, camera: undefined, takenAt: undefined };
      const answer = await answerRead({ desk, siteId, sql, request }, asked);
      return encodeAlpr(answer, { minConfidence, at: new Date() });
    },
  );
  server.post(
    '/v1/vision/custom/list',
    {
      config: { access: 'read', clients },
      errorHandler,
      schema: {
        tags,
        operationId: 'listCustomModels',
        summary: 'No custom models: Blue Iris asks for them first',
        querystring: noQuery,
        response: { 200: customModelsSchema },
      },
    },
    async () => encodeCustomModels(new Date()),
  );
  for (const [path, operationId] of [
    ['ping', 'pingAlpr'],
    ['updateavailable', 'findAlprUpdate'],
  ] as const) {
    server.get(
      `/v1/status/${path}`,
      {
        config: { access: 'read', clients },
        errorHandler,
        schema: {
          tags,
          operationId,
          summary: 'That it is there, as CodeProject.AI answers',
          querystring: noQuery,
          response: { 200: aiStatusSchema },
        },
      },
      async () => ({ success: true, code: 200, message: version, updateAvailable: false }),
    );
  }
}

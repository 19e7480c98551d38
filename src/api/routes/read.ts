import { noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { readAnswerSchema, readBodySchema } from '../../contract/api/read.ts';
import type { ApiContext, Server } from '../context.ts';
import { answerRead } from '../read/answer-read.ts';
import { acceptForms, takeForm } from '../read/form.ts';
import { ReadDesk } from '../read/read-desk.ts';
import { addCodeProjectRoutes } from './read-codeproject.ts';
import { addPlateRecognizerRoutes } from './read-plate-recognizer.ts';

/** Pictures that programs send, in our own words and in those of other systems. All share one queue. */
export async function addReadRoutes(server: Server, context: ApiContext): Promise<void> {
  await server.register(async (scope: Server) => {
    acceptForms(scope);
    const desk = new ReadDesk(context.pictures, context.config.read);
    addOwnRoute(scope, context, desk);
    addPlateRecognizerRoutes(scope, context, desk);
    addCodeProjectRoutes(scope, context, desk);
  });
}

function addOwnRoute(server: Server, { siteId, sql }: ApiContext, desk: ReadDesk): void {
  server.post(
    '/read',
    {
      config: { access: 'read', audit: 'read' },
      bodyLimit: desk.bodyLimit,
      preParsing: desk.admit,
      preValidation: takeForm('image'),
      schema: {
        tags: ['Reading'],
        operationId: 'readPicture',
        summary: 'The plates of a picture, and events of them if asked',
        description:
          'Takes a JPEG, PNG or WebP as a file of a form, in base64 or by its address. Cameras of the same process go first. The picture is not kept, unless `event` makes events of its plates.',
        consumes: ['multipart/form-data', 'application/json'],
        querystring: noQuery,
        body: readBodySchema,
        response: {
          200: readAnswerSchema,
          202: readAnswerSchema,
          413: problemSchema,
          422: problemSchema,
          503: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { image, url, event, camera, taken_at: takenAt } = request.body;
      const answer = await answerRead({ desk, siteId, sql, request }, { image, url, event, camera, takenAt });
      return reply.code(answer.stored === false ? 202 : 200).send(answer);
    },
  );
}

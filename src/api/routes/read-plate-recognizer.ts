import { snapshotBodySchema, snapshotQuerySchema, snapshotSchema } from '../../contract/api/read-foreign.ts';
import { encodeSnapshot } from '../../exchange/plate-recognizer.ts';
import type { ApiContext, Server } from '../context.ts';
import { createErrorHandler } from '../errors.ts';
import { answerRead } from '../read/answer-read.ts';
import { takeForm } from '../read/form.ts';
import type { ReadDesk } from '../read/read-desk.ts';

/** What clients of Plate Recognizer's Snapshot API ask. */
export function addPlateRecognizerRoutes(server: Server, { siteId, sql, log }: ApiContext, desk: ReadDesk): void {
  server.post(
    '/v1/plate-reader/',
    {
      config: { access: 'read', audit: 'read' },
      bodyLimit: desk.bodyLimit,
      preParsing: desk.admit,
      preValidation: takeForm('upload'),
      errorHandler: createErrorHandler(log, ({ status, message }) => ({ detail: message, status_code: status })),
      schema: {
        tags: ['Reading'],
        operationId: 'readSnapshot',
        summary: "The plates of a picture, as Plate Recognizer's Snapshot API answers",
        description:
          'For its clients, which send `Authorization: Token …` with a token of /tokens. Also without the last slash, and below /api. `event=true` in the address makes events.',
        consumes: ['multipart/form-data', 'application/json', 'application/x-www-form-urlencoded'],
        querystring: snapshotQuerySchema,
        body: snapshotBodySchema,
        response: { 201: snapshotSchema },
      },
    },
    async (request, reply) => {
      const { upload: image, upload_url: url, camera_id: cameraId, timestamp } = request.body;
      const { event, camera = cameraId } = request.query;
      const asked = { image, url, event: event === 'true', camera, takenAt: timestamp };
      const answer = await answerRead({ desk, siteId, sql, request }, asked);
      const told = { cameraId, timestamp: timestamp ?? new Date().toISOString(), calls: desk.taken };
      return reply.code(201).send(encodeSnapshot(answer, told));
    },
  );
}

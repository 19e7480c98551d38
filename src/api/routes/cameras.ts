import { AlprError } from '../../base/errors.ts';
import { cameraListSchema, cameraParamsSchema, cameraPictureQuerySchema } from '../../contract/api/cameras.ts';
import { noQuery, pictureSchema } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { scopeOf } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const tags = ['Cameras'];

/** States of the cameras and what each sees now. */
export function addCameraRoutes(server: Server, { hub }: ApiContext): void {
  server.get(
    '/cameras',
    {
      config: { access: 'events:read' },
      schema: {
        tags,
        operationId: 'listCameras',
        summary: 'All cameras and their states',
        querystring: noQuery,
        response: { 200: cameraListSchema },
      },
    },
    async (request) => ({ cameras: [...hub.cameras(scopeOf(request))] }),
  );

  server.get(
    '/cameras/:id/picture.jpg',
    {
      config: { access: 'images', audit: 'live' },
      schema: {
        tags,
        operationId: 'readCameraPicture',
        summary: 'What a camera sees now',
        description: 'The header `x-frame-at` is `at` of the `boxes` event that belongs to this very picture.',
        params: cameraParamsSchema,
        querystring: cameraPictureQuerySchema,
        response: {
          200: { description: 'The picture', content: { 'image/jpeg': { schema: pictureSchema } } },
          404: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      request.auditNote.query = { camera: id };
      const scope = scopeOf(request);
      const picture = hub.picture(id, scope);
      if (!picture && !hub.knows(id, scope)) {
        throw new AlprError('NOT_FOUND', `There is no camera ${id}; /cameras lists those that have been heard of`);
      }
      if (!picture) {
        throw new AlprError(
          'NOT_FOUND',
          `The camera ${id} has shown no picture yet; on Kafka it begins to a moment after it is first asked`,
        );
      }
      const { jpeg } = picture;
      return reply
        .type('image/jpeg')
        .header('cache-control', 'no-store')
        .header('x-frame-at', picture.at)
        .send(Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength));
    },
  );
}

import { z } from 'zod';
import { AlprError } from '../../base/errors.ts';
import { cameraStatusSchema } from '../../contract/live.ts';
import { type ApiContext, noQuery, problemSchema, type Server } from '../context.ts';
import { cameraField } from '../fields.ts';

const tags = ['Cameras'];

/** States of the cameras and what each sees now. */
export function addCameraRoutes(server: Server, { hub }: ApiContext): void {
  server.get(
    '/cameras',
    {
      schema: {
        tags,
        summary: 'All cameras and their states',
        querystring: noQuery,
        response: { 200: z.strictObject({ cameras: z.array(cameraStatusSchema) }) },
      },
    },
    async () => ({ cameras: [...hub.cameras()] }),
  );

  server.get(
    '/cameras/:id/picture.jpg',
    {
      schema: {
        tags,
        summary: 'What a camera sees now',
        description: 'The header `x-frame-at` is `at` of the `boxes` event that belongs to this very picture.',
        params: z.strictObject({ id: cameraField }),
        // The page adds a counter so that the browser asks again.
        querystring: z.strictObject({ t: z.string().max(32).optional() }),
        response: { 200: z.unknown().describe('A JPEG'), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const picture = hub.picture(request.params.id);
      if (!picture)
        throw new AlprError(
          'NOT_FOUND',
          'That camera has shown no picture yet; on Kafka it begins to a moment after it is first asked',
        );
      const { jpeg } = picture;
      return reply
        .type('image/jpeg')
        .header('cache-control', 'no-store')
        .header('x-frame-at', picture.at)
        .send(Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength));
    },
  );
}

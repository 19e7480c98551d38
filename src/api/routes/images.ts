import { AlprError } from '../../base/errors.ts';
import { imageKeyParams, movedSchema, noQuery, pictureSchema } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { eventIdOf } from '../../contract/image-key.ts';
import type { ApiContext, Server } from '../context.ts';

/** Pictures of events. The picture under a key never changes, so it may be cached for ever. */
export function addImageRoutes(server: Server, { images }: ApiContext): void {
  server.get(
    '/images/*',
    {
      config: { access: 'images', audit: 'picture' },
      schema: {
        tags: ['Images'],
        operationId: 'readImage',
        summary: 'A picture by its key',
        params: imageKeyParams,
        querystring: noQuery,
        response: {
          200: { description: 'The picture', content: { 'image/jpeg': { schema: pictureSchema } } },
          302: movedSchema,
          404: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const key = request.params['*'];
      request.auditNote.query = { key, event: eventIdOf(key) };
      const link = await images.link(key);
      // A link expires: the next request gets a new one.
      if (link !== undefined) return reply.header('cache-control', 'no-store').redirect(link);
      const image = await images.get(key);
      if (!image) throw new AlprError('NOT_FOUND', 'There is no picture of that key; it may have been removed');
      return reply
        .type(image.contentType)
        .header('cache-control', 'private, max-age=31536000, immutable')
        .send(Buffer.from(image.bytes.buffer, image.bytes.byteOffset, image.bytes.byteLength));
    },
  );
}

import { AlprError } from '../../base/errors.ts';
import type { Scope } from '../../contract/access.ts';
import { imageKeyParams, movedSchema, noQuery, pictureSchema } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { eventIdOf, keySegment } from '../../contract/image-key.ts';
import { readLostKey } from '../../contract/lost-look.ts';
import type { Sql } from '../../db/sql.ts';
import { findReferencedKeys } from '../../store/pictures.ts';
import { findErased } from '../../store/privacy/erasures.ts';
import { scopeOf } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

/** Pictures of events, and of plates that nobody could read. The picture under a key never changes; a browser keeps it for an hour at most, because whoever sits there may be another. */
export function addImageRoutes(server: Server, { images, sql }: ApiContext): void {
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
      const event = eventIdOf(key);
      request.auditNote.query = { key, event };
      // The edge may store pictures of an event that was erased meanwhile, until ingest removes them.
      if (event !== undefined && (await findErased(sql, [event])).has(event)) throw noPicture();
      await requireSeen(sql, key, scopeOf(request));
      const link = await images.link(key);
      // A link expires: the next request gets a new one.
      if (link !== undefined) return reply.header('cache-control', 'no-store').redirect(link);
      const image = await images.get(key);
      if (!image) throw noPicture();
      return reply
        .type(image.contentType)
        .header('cache-control', 'private, max-age=3600, immutable')
        .send(Buffer.from(image.bytes.buffer, image.bytes.byteOffset, image.bytes.byteLength));
    },
  );
}

/** Keys are not guessed but may be known; whoever may not see everything sees the pictures of events and places that he may see. */
async function requireSeen(sql: Sql, key: string, scope: Scope): Promise<void> {
  if (scope === undefined) return;
  const lost = readLostKey(key);
  if (lost && isWithin(scope.cameras, lost.camera)) return;
  if (lost && isWithin(scope.sites, lost.site)) return;
  const seen = await findReferencedKeys(sql, [key], scope);
  if (!seen.has(key)) throw noPicture();
}

function isWithin(names: readonly string[], segment: string): boolean {
  return names.some((name) => keySegment(name) === segment);
}

function noPicture(): AlprError {
  return new AlprError('NOT_FOUND', 'There is no picture of that key; it may have been removed');
}

import { AlprError } from '../../base/errors.ts';
import { admits } from '../../contract/access.ts';
import { noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { readAnswerSchema, readBodySchema } from '../../contract/api/read.ts';
import type { PlateEvent } from '../../contract/plate-event.ts';
import { isPlausible } from '../../contract/plausible-time.ts';
import { requireOwn } from '../../identity/grants.ts';
import { isStored } from '../../store/is-stored.ts';
import { scopeOf, whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';
import { acceptForms, takeForm } from '../read/form.ts';
import { ReadDesk } from '../read/read-desk.ts';

/** So long an answer waits for its events to be stored, milliseconds. */
const STORED_LIMIT_MS = 5000;

/** Pictures that programs send, in our own words and in those of other systems. */
export async function addReadRoutes(server: Server, context: ApiContext): Promise<void> {
  await server.register(async (scope: Server) => {
    acceptForms(scope);
    const desk = new ReadDesk(context.pictures, context.config.read);
    addOwnRoute(scope, desk, context);
  });
}

function addOwnRoute(server: Server, desk: ReadDesk, { pictures, sql }: ApiContext): void {
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
      const { image, url, event, camera, taken_at: taken } = request.body;
      const wanted = event ? requireCamera(camera) : undefined;
      request.auditNote.query = { ...(wanted !== undefined && { camera: wanted, event }) };
      const at = Date.parse(taken ?? '') || Date.now();
      if (wanted !== undefined) {
        const caller = whoAsks(request);
        requireOwn(caller, { permissions: ['events:write'], scope: caller.scope });
        if (!admits(scopeOf(request), { camera: wanted, site: pictures.site })) {
          throw new AlprError('FORBIDDEN', `Expected a camera or site that ${caller.name} may see`);
        }
        if (!isPlausible(new Date(at).toISOString(), Date.now())) {
          throw new AlprError('INPUT_INVALID', 'Expected taken_at to be after 2010 and at most one day ahead');
        }
      }
      const { read, ...times } = await desk.read(request, { image, url });
      const { publish, plates, ...about } = read;
      const events = wanted === undefined ? [] : await publish({ camera: wanted, at });
      const stored = wanted === undefined ? null : await areStored(events);
      const told = plates.map((plate, index) => ({ ...plate, event_id: events[index]?.event_id ?? null }));
      return reply.code(stored === false ? 202 : 200).send({ ...about, plates: told, stored, ...times });
    },
  );

  async function areStored(events: readonly PlateEvent[]): Promise<boolean> {
    for (const event of events) if (!(await isStored(sql, event, STORED_LIMIT_MS))) return false;
    return true;
  }
}

function requireCamera(camera: string | undefined): string {
  if (camera !== undefined) return camera;
  throw new AlprError('INPUT_INVALID', 'Expected camera beside event: the id of the camera that took the picture');
}

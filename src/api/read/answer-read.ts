import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import { admits } from '../../contract/access.ts';
import type { ReadAnswer } from '../../contract/api/read.ts';
import type { PlateEvent } from '../../contract/plate-event.ts';
import { isPlausible } from '../../contract/plausible-time.ts';
import { requireOwn } from '../../identity/grants.ts';
import { isStored } from '../../store/is-stored.ts';
import { whoAsks } from '../access/guard-routes.ts';
import type { ApiContext } from '../context.ts';
import type { ReadDesk, Sent } from './read-desk.ts';

/** So long an answer waits for its events to be stored, milliseconds. */
const STORED_LIMIT_MS = 5000;

/** A picture, and the event that becomes of it. */
export type Asked = Sent & Readonly<{ event: boolean; camera: string | undefined; takenAt: string | undefined }>;

type Given = Pick<ApiContext, 'siteId' | 'sql'> & Readonly<{ desk: ReadDesk; request: FastifyRequest }>;

/**
 * Reads a picture for whoever sent it, and publishes events of its plates where that is asked. FORBIDDEN before anything is read where
 * the caller may not write events, or not of that camera.
 */
export async function answerRead({ desk, siteId, sql, request }: Given, asked: Asked): Promise<ReadAnswer> {
  const { event, camera, takenAt, ...sent } = asked;
  const taken = event ? requireTaken(request, { camera, takenAt, site: siteId }) : undefined;
  request.auditNote.query = taken ? { camera: taken.camera, event } : {};
  const { read, ...times } = await desk.read(request, sent);
  const { publish, plates, ...about } = read;
  const events = taken ? await publish(taken) : [];
  const told = plates.map((plate, index) => ({ ...plate, event_id: events[index]?.event_id ?? null }));
  return { ...about, plates: told, stored: taken ? await areStored(sql, events) : null, ...times };
}

type Wanted = Readonly<{ camera: string | undefined; takenAt: string | undefined; site: string }>;

function requireTaken(request: FastifyRequest, { camera, takenAt, site }: Wanted): { camera: string; at: number } {
  if (camera === undefined) {
    throw new AlprError('INPUT_INVALID', 'Expected camera beside event: the id of the camera that took the picture');
  }
  const caller = whoAsks(request);
  requireOwn(caller, { permissions: ['events:write'], scope: caller.scope });
  if (!admits(caller.scope, { camera, site })) {
    throw new AlprError('FORBIDDEN', `Expected a camera or site that ${caller.name} may see`);
  }
  const at = takenAt === undefined ? Date.now() : Date.parse(takenAt);
  if (!Number.isNaN(at) && isPlausible(new Date(at).toISOString(), Date.now())) return { camera, at };
  throw new AlprError('INPUT_INVALID', 'Expected a time of the picture after 2010 and at most one day ahead');
}

async function areStored(sql: ApiContext['sql'], events: readonly PlateEvent[]): Promise<boolean> {
  for (const event of events) if (!(await isStored(sql, event, STORED_LIMIT_MS))) return false;
  return true;
}

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeEvent } from '../contract/codec.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import { listRefused } from './refused-events.ts';
import { scanRecords } from './segment.ts';
import { REFUSED_FOLDER } from './spool.ts';
import { readPosition } from './spool-position.ts';
import { listSegments } from './spool-recovery.ts';

/** Where a revision lies at an edge: on its way to the bus, set aside because the bus refuses it, or with its passage not ended. */
export type Spooled = Readonly<{
  where: 'spool' | 'refused' | 'open_passage';
  revision: number;
  status: PlateEvent['status'];
  camera_id: string;
  /** Since when, ISO 8601. */
  since: string;
}>;

/** What of an event has not left the folder of an edge, which may run meanwhile: nothing is changed. */
export async function findSpooled(folder: string, eventId: string): Promise<readonly Spooled[]> {
  const spool = join(folder, 'spool');
  return [
    ...(await findWaiting(spool, eventId)),
    ...(await findRefused(join(spool, REFUSED_FOLDER), eventId)),
    ...(await findOpen(join(folder, 'open-passages', `${eventId}.json`), eventId)),
  ];
}

async function findWaiting(folder: string, eventId: string): Promise<readonly Spooled[]> {
  const found: Spooled[] = [];
  for (const path of await listSegments(folder)) {
    // The edge removes what the bus has taken.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (!bytes.includes(eventId)) continue;
    for (const { id, payload } of scanRecords(bytes).records) {
      const event = readEvent(payload, eventId);
      // Asked each time, because it moves on.
      if (event && id > (await readPosition(folder))) found.push(describe('spool', event, event.time.published));
    }
  }
  return found;
}

async function findRefused(folder: string, eventId: string): Promise<readonly Spooled[]> {
  const found: Spooled[] = [];
  for (const name of await listRefused(folder)) {
    const path = join(folder, name);
    const event = readEvent(await readFile(path).catch(() => Buffer.alloc(0)), eventId);
    if (event) found.push(describe('refused', event, await modifiedAt(path, event)));
  }
  return found;
}

async function findOpen(path: string, eventId: string): Promise<readonly Spooled[]> {
  const event = readEvent(await readFile(path).catch(() => Buffer.alloc(0)), eventId);
  return event ? [describe('open_passage', event, event.time.first_seen)] : [];
}

function describe(where: Spooled['where'], event: PlateEvent, since: string): Spooled {
  return { where, revision: event.revision, status: event.status, camera_id: event.camera_id, since };
}

async function modifiedAt(path: string, { time }: PlateEvent): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found?.mtime.toISOString() ?? time.published;
}

/** The event in these bytes, where it is this one. */
function readEvent(payload: Uint8Array, eventId: string): PlateEvent | undefined {
  if (!Buffer.from(payload.buffer, payload.byteOffset, payload.length).includes(eventId)) return undefined;
  try {
    const event = decodeEvent(payload);
    return event.event_id.toLowerCase() === eventId ? event : undefined;
  } catch {
    return undefined;
  }
}

import { randomUUID } from 'node:crypto';
import { AlprError } from '../base/errors.ts';
import type { Bus } from '../bus/bus.ts';
import type { Decided, Decision } from '../contract/api/review.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import { normalizePlate } from '../contract/plate-text.ts';
import type { Sql } from '../db/sql.ts';
import type { Principal } from '../identity/principal.ts';
import { findEvent } from '../store/events.ts';
import { isStored } from '../store/is-stored.ts';
import { releaseDecision, takeDecision } from '../store/review.ts';
import { reviseEvent } from './revise-event.ts';

/** So long an answer waits for its revision to be stored. */
const WAIT_LIMIT_MS = 10_000;

type Reviewer = Pick<Principal, 'id' | 'name' | 'scope'>;

type Review = Readonly<{
  sql: Sql;
  bus: Pick<Bus, 'publish'>;
  eventId: string;
  decision: Decision;
  by: Reviewer;
  /** Is told of the event as it was before the decision, and before anything is published. */
  onSeen?: (event: PlateEvent) => void;
  waitMs?: number;
}>;

/**
 * Makes a person's decision a revision: published like every other one and stored by ingest, which the answer waits for.
 * NOT_FOUND, CONFLICT where a newer revision than the one that was seen exists or somebody else decides at this moment,
 * INPUT_INVALID for a merge with what is not the same passage.
 */
export async function reviewEvent({
  sql,
  bus,
  eventId,
  decision,
  by,
  onSeen,
  waitMs = WAIT_LIMIT_MS,
}: Review): Promise<Decided> {
  // Before the lease: whoever may not see the event must not keep others from it, nor learn that somebody is at it.
  await requireEvent(sql, eventId, by);
  const holder = randomUUID();
  if (!(await takeDecision(sql, eventId, holder))) {
    throw new AlprError('CONFLICT', `Somebody else decides on event ${eventId} at this moment; look at it again`);
  }
  let stored = true;
  try {
    const { event: seen, revisions } = await requireEvent(sql, eventId, by);
    if (seen.revision !== decision.revision) {
      throw new AlprError(
        'CONFLICT',
        `Expected revision ${seen.revision} of event ${eventId} to have been seen, got ${decision.revision}; look at it again`,
      );
    }
    requirePlate(seen);
    onSeen?.(seen);
    if (decision.action === 'merge') await requireSamePassage(sql, { event: seen, into: decision.into, by });
    const event = reviseEvent({ revisions, decision, by, at: new Date() });
    await bus.publish('plates', [event]);
    stored = await isStored(sql, event, waitMs);
    return { event, stored };
  } finally {
    // What is still on its way keeps others from deciding on what they have not seen, until the lease is over.
    if (stored) await releaseDecision(sql, eventId, holder);
  }
}

async function requireEvent(sql: Sql, eventId: string, { scope }: Reviewer) {
  const found = await findEvent(sql, eventId, scope);
  if (found) return found;
  throw new AlprError('NOT_FOUND', `There is no event ${eventId}`);
}

/** A pseudonym is no text that a plate can have: deciding on it would bring back what was made unknown. */
function requirePlate({ event_id, plate }: PlateEvent): void {
  if (normalizePlate(plate.text_normalized) === plate.text_normalized) return;
  throw new AlprError(
    'CONFLICT',
    `The plate of event ${event_id} was replaced by a pseudonym; nobody can decide on it any more`,
  );
}

async function requireSamePassage(
  sql: Sql,
  { event, into, by }: Readonly<{ event: PlateEvent; into: string; by: Reviewer }>,
): Promise<void> {
  const { event: other } = await requireEvent(sql, into, by);
  if (other.event_id.toLowerCase() === event.event_id.toLowerCase()) {
    throw new AlprError('INPUT_INVALID', 'Expected another event to merge into, got the event itself');
  }
  // Two sites may call their cameras the same.
  const isSameCamera = other.camera_id === event.camera_id && other.site_id === event.site_id;
  if (!isSameCamera || other.status === 'retracted') {
    const nameCamera = ({ camera_id, site_id }: PlateEvent) => `camera ${camera_id} of site ${site_id}`;
    throw new AlprError(
      'INPUT_INVALID',
      `Expected an event of ${nameCamera(event)} that was not retracted, got one of ${nameCamera(other)} (${other.status})`,
    );
  }
}

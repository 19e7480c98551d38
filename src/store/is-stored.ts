import { pause } from '../base/retry.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';
import { readRevisions } from './events.ts';

const LOOK_FIRST_MS = 5;
const LOOK_MAX_MS = 200;

/** Waits at most so long until this revision of an event, or a later one, is stored. */
export async function isStored(sql: Sql, { event_id, revision }: PlateEvent, waitMs: number): Promise<boolean> {
  const until = performance.now() + waitMs;
  const id = event_id.toLowerCase();
  for (let delay = LOOK_FIRST_MS; ; delay = Math.min(LOOK_MAX_MS, 2 * delay)) {
    const found = await readRevisions(sql, [id]);
    if ((found.get(id) ?? 0) >= revision) return true;
    if (performance.now() > until) return false;
    await pause(delay, new AbortController().signal);
  }
}

import { makeEvents } from '../../bench/backend/store.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';

/** What one simulated edge sends: `share` passages, the same ones however often it is started. */
export type Task = Readonly<{ edge: number; share: number; startedAt: number }>;

/** One thing to send; its place in the edge's order tells what it must not come after. */
export type Item = Readonly<{ kind: 'event'; event: PlateEvent } | { kind: 'poison'; text: string }>;

const REVISED = 3;
const POISONED = 97;
const PICTURED = 20;

/** All that passage number `at` sends, in order: every third one a provisional first, some a message that is no event. */
export function itemsOf(task: Task, at: number): readonly Item[] {
  const final = makePassage(task, at);
  const items: Item[] = [];
  if (at % REVISED === 0) items.push({ kind: 'event', event: { ...final, revision: 1, status: 'provisional' } });
  items.push({ kind: 'event', event: at % REVISED === 0 ? { ...final, revision: 2 } : final });
  if (at % POISONED === POISONED - 1) items.push({ kind: 'poison', text: `no event ${task.edge}/${at}` });
  return items;
}

/** Keys of the pictures that come with a passage: one or none. */
export function picturesOf({ edge }: Task, at: number): readonly string[] {
  return at % PICTURED === 0 ? [`soak/${edge}/${at}.jpg`] : [];
}

/** How many of its passages come in two revisions. */
export function countRevised({ share }: Task): number {
  return Math.ceil(share / REVISED);
}

/** The place of an event in the order of its camera. */
export function placeOf(event: PlateEvent): number {
  return 2 * Number(event.track_id) + event.revision;
}

/** An id of version 7 and a plate of its own that edge and number make, two cameras for each edge. */
function makePassage({ edge, startedAt }: Task, at: number): PlateEvent {
  const moment = startedAt + at * 100;
  const stamp = moment.toString(16).padStart(12, '0');
  const number = at.toString(16).padStart(12, '0');
  const camera = `soak-${edge}-${at % 2}`;
  const detectedAt = new Date(moment).toISOString();
  const text = `S${edge}${at.toString(36).toUpperCase().padStart(5, '0')}`;
  const [made] = makeEvents(1, edge + 1);
  if (made === undefined) throw new Error('Expected an event to copy');
  return {
    ...made,
    event_id: `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${edge.toString(16).padStart(3, '0')}-8000-${number}`,
    detected_at: detectedAt,
    site_id: 'soak',
    camera_id: camera,
    camera_name: camera,
    track_id: String(at),
    plate: {
      ...made.plate,
      text_raw: text,
      text_normalized: text,
      chars: [...text].map((c) => ({ c, p: 0.9, alt: [] })),
      candidates: [{ text, p: 0.8 }],
    },
    time: { first_seen: detectedAt, best: detectedAt, last_seen: detectedAt, published: detectedAt },
  };
}

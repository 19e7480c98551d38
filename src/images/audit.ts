import { createHash } from 'node:crypto';
import { AlprError } from '../base/errors.ts';
import type { ImageEntry, Images } from './images.ts';

const CHECKED_AT_ONCE = 8;
const LISTED_AT_ONCE = 500;

/** A picture that an event speaks of. */
type Reference = Readonly<{ eventId: string; key: string; sha256: string }>;

/**
 * What is wrong with a picture: an event's that is not there, not the one it was or under a key that no store has, or one
 * that no event speaks of.
 */
export type PictureFault = Readonly<{
  fault: 'missing' | 'damaged' | 'invalid' | 'orphan';
  key: string;
  eventId?: string;
  /** What was done about it. */
  outcome: 'left' | 'repaired' | 'deleted';
}>;

export type EventAudit = Readonly<{ pictures: number; good: number; waiting: number }>;
export type StoreAudit = Readonly<{ pictures: number; young: number; foreign: number }>;

type EventAuditOptions = Readonly<{
  images: Images;
  references: AsyncIterable<readonly Reference[]>;
  /** Pictures of this machine that the store does not have yet. */
  waiting: Images | undefined;
  /** A folder of pictures to restore from. */
  backup: Images | undefined;
  onFault: (fault: PictureFault) => void;
  onPictures: (count: number) => void;
}>;

/** Fetches every picture that an event speaks of and compares its sha256 with the event's. */
export async function auditEvents(options: EventAuditOptions): Promise<EventAudit> {
  const { references, onPictures } = options;
  const counts = { pictures: 0, good: 0, waiting: 0 };
  const found = new Set<string>();
  for await (const page of references) {
    for (let at = 0; at < page.length; at += CHECKED_AT_ONCE) {
      const some = page.slice(at, at + CHECKED_AT_ONCE);
      const check = async (reference: Reference) => ({ ...reference, state: await checkPicture(options, reference) });
      for (const { key, eventId, state } of await Promise.all(some.map(check))) {
        counts.pictures++;
        if (state === 'good' || state === 'waiting') counts[state]++;
        // Two revisions may speak of the same picture.
        else if (!found.has(key)) options.onFault({ ...state, key, eventId });
        if (typeof state === 'object') found.add(key);
      }
      onPictures(some.length);
    }
  }
  return counts;
}

type Fault = Pick<PictureFault, 'fault' | 'outcome'>;

async function checkPicture(
  { images, waiting, backup }: EventAuditOptions,
  { key, sha256 }: Reference,
): Promise<'good' | 'waiting' | Fault> {
  const state = await compare(images, key, sha256);
  if (state === 'good') return 'good';
  if (state === 'invalid') return { fault: state, outcome: 'left' };
  if (waiting && (await compare(waiting, key, sha256)) === 'good') return 'waiting';
  const kept = backup && (await compare(backup, key, sha256)) === 'good' ? await backup.get(key) : undefined;
  if (!kept) return { fault: state, outcome: 'left' };
  await images.put(key, kept.bytes, kept.contentType);
  return { fault: state, outcome: 'repaired' };
}

async function compare(
  images: Images,
  key: string,
  sha256: string,
): Promise<'good' | 'missing' | 'damaged' | 'invalid'> {
  try {
    const image = await images.get(key);
    if (!image) return 'missing';
    return createHash('sha256').update(image.bytes).digest('hex') === sha256 ? 'good' : 'damaged';
  } catch (error) {
    if (error instanceof AlprError && error.code === 'IMAGE_DAMAGED') return 'damaged';
    if (error instanceof AlprError && error.code === 'IMAGE_KEY_INVALID') return 'invalid';
    throw error;
  }
}

type StoreAuditOptions = Readonly<{
  images: Images;
  /** Those of the keys that events speak of. */
  findReferenced: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Whether a key is one that an event's picture may have; others are never touched. */
  isOurs: (key: string) => boolean;
  /** A picture younger than this may belong to an event that is still under way. */
  youngerThan: Date;
  deleteOrphans: boolean;
  onFault: (fault: PictureFault) => void;
  onPictures: (count: number) => void;
}>;

/** Lists the store and looks for pictures that no event speaks of. */
export async function auditStore(options: StoreAuditOptions): Promise<StoreAudit> {
  const counts = { pictures: 0, young: 0, foreign: 0 };
  for await (const entries of inBatches(options.images.list(), LISTED_AT_ONCE)) {
    const referenced = await options.findReferenced(entries.map(({ key }) => key));
    for (const { key, storedAt } of entries) {
      counts.pictures++;
      if (!options.isOurs(key)) counts.foreign++;
      else if (referenced.has(key)) continue;
      else if (storedAt >= options.youngerThan) counts.young++;
      else {
        if (options.deleteOrphans) await options.images.remove(key);
        options.onFault({ fault: 'orphan', key, outcome: options.deleteOrphans ? 'deleted' : 'left' });
      }
    }
    options.onPictures(entries.length);
  }
  return counts;
}

async function* inBatches(entries: AsyncIterable<ImageEntry>, size: number): AsyncGenerator<readonly ImageEntry[]> {
  let batch: ImageEntry[] = [];
  for await (const entry of entries) {
    batch.push(entry);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

import { randomBytes } from 'node:crypto';
import type { Log } from '../base/log.ts';
import { pause } from '../base/retry.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import { normalizePlate } from '../contract/plate-text.ts';
import type { Sql } from '../db/sql.ts';
import type { Images } from '../images/images.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { removeOldAlerts } from '../store/privacy/alerts.ts';
import { deleteTexts } from '../store/privacy/erasures.ts';
import { readHeldEvents } from '../store/privacy/held-events.ts';
import { forgetEndedHolds } from '../store/privacy/holds.ts';
import {
  destroyMonthKeys,
  listPlain,
  openMonthKey,
  pseudonymOf,
  writePseudonyms,
} from '../store/privacy/pseudonyms.ts';
import type { PrivacyConfig } from './config.ts';

const EVERY_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;
const AT_ONCE = 500;

export type UpkeepParts = Readonly<{
  sql: Sql;
  images: Images;
  /** Undefined where the database itself is searched. */
  index: SearchIndex | undefined;
  config: PrivacyConfig;
  /** Erases again what a restored database has again. */
  eraseAgain: () => Promise<unknown>;
  now: () => Date;
  log: Log;
}>;

/** Upkeep at work; `wake` begins the next round now. */
export type PrivacyUpkeep = AsyncDisposable & Readonly<{ wake: () => void }>;

/**
 * What holds and pseudonyms need now and every six hours until disposed. A round that fails is logged, and the next one tries
 * again.
 */
export function openPrivacyUpkeep(parts: UpkeepParts): PrivacyUpkeep {
  const closing = new AbortController();
  let waiting = new AbortController();
  const running = (async () => {
    while (!closing.signal.aborted) {
      try {
        await keepPrivacy(parts, closing.signal);
      } catch (error) {
        parts.log.warn({ err: error }, 'the upkeep of privacy fails; trying again in six hours');
      }
      await pause(EVERY_MS, AbortSignal.any([closing.signal, waiting.signal]));
      waiting = new AbortController();
    }
  })();
  return {
    wake: () => waiting.abort(),
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}

/**
 * One round: what is held is kept from the retention of pictures and index, plates that are old become pseudonyms,
 * and alerts go with the events of their time.
 */
export async function keepPrivacy(parts: UpkeepParts, signal?: AbortSignal): Promise<void> {
  await parts.eraseAgain();
  await forgetEndedHolds(parts.sql);
  await keepHeld(parts, signal);
  await makePseudonyms(parts, signal);
  const { events_days: days } = parts.config.retention;
  if (days !== null) await removeOldAlerts(parts.sql, new Date(parts.now().getTime() - days * DAY_MS));
}

/**
 * Pictures are removed by their age and months of the index as a whole, by stores that know of no hold: held pictures are
 * written anew when half of their time is over, and held events are written to the index again.
 */
async function keepHeld({ sql, images, index, config, now }: UpkeepParts, signal?: AbortSignal): Promise<void> {
  const days = config.retention.pictures_days;
  const due = days === null ? undefined : new Date(now().getTime() - (days / 2) * DAY_MS);
  for await (const events of readHeldEvents(sql)) {
    if (signal?.aborted) return;
    if (config.retention.events_days !== null) await index?.write(events);
    if (due) for (const event of events) await renewPictures(images, event, due);
  }
}

async function renewPictures(images: Images, event: PlateEvent, due: Date): Promise<void> {
  const keys = Object.values(event.images ?? {}).map(({ key }) => key);
  for (const folder of new Set(keys.map((key) => key.slice(0, key.lastIndexOf('/'))))) {
    for await (const { key, storedAt } of images.list(folder)) {
      if (storedAt >= due) continue;
      const image = await images.get(key);
      if (image) await images.put(key, image.bytes, image.contentType);
    }
  }
}

async function makePseudonyms(parts: UpkeepParts, signal?: AbortSignal): Promise<void> {
  const { sql, config, now, log } = parts;
  const { after_days: days, key_days: keyDays } = config.pseudonyms;
  if (days === null) return;
  const before = new Date(now().getTime() - days * DAY_MS);
  let count = 0;
  for (;;) {
    const events = await listPlain(sql, { before, limit: AT_ONCE });
    if (events.length === 0 || signal?.aborted) break;
    await makeSome(parts, events);
    count += events.length;
  }
  const destroyed = await destroyMonthKeys(sql, new Date(before.getTime() - keyDays * DAY_MS));
  if (count > 0) log.info({ events: count, after_days: days }, 'plates become pseudonyms');
  if (destroyed > 0) log.info({ months: destroyed }, 'keys of pseudonyms are destroyed');
}

/** The rows change last, so that a round that is cut off comes to these events again. */
async function makeSome({ sql, images, index }: UpkeepParts, events: readonly PlateEvent[]): Promise<void> {
  const keys = new Map<string, Uint8Array>();
  const fresh: PlateEvent[] = [];
  for (const event of events) {
    const month = `${event.detected_at.slice(0, 7)}-01`;
    // A key that was destroyed comes back for nobody: an event this late gets a pseudonym of its own.
    const key = keys.get(month) ?? (await openMonthKey(sql, month)) ?? randomBytes(32);
    keys.set(month, key);
    fresh.push(hidePlate(event, pseudonymOf(normalizePlate(event.plate.text_normalized), key)));
    for (const { key: picture } of Object.values(event.images ?? {})) await images.remove(picture);
  }
  await index?.replace(fresh);
  await writePseudonyms(sql, fresh);
  await deleteTexts(
    sql,
    events.map(({ plate }) => normalizePlate(plate.text_normalized)),
  );
}

/** The event without anything from which its plate could be told; where, when and how well it was read stays. */
function hidePlate(event: PlateEvent, pseudonym: string): PlateEvent {
  const plate = { ...event.plate, text_raw: pseudonym, text_normalized: pseudonym, chars: [], candidates: [] };
  return { ...event, plate, images: null, processing: { ...event.processing, shadow: null }, review: null };
}

import type { Readable } from 'node:stream';
import { AlprError } from '../base/errors.ts';
import type { ErasureReport, Hold, Inventory, RetentionReport } from '../contract/api/privacy.ts';
import { findUnknownErasures, markErased } from '../store/privacy/erasures.ts';
import { addHold } from '../store/privacy/holds.ts';
import { countHeld } from '../store/upkeep/expired.ts';
import { type Erasure, eraseSubject, finishErasure, tryErasure } from './erase.ts';
import type { PrivacyParts } from './parts.ts';
import type { Place } from './place.ts';
import { answerSubject, type SubjectAccess } from './subject-access.ts';

const DAY_MS = 86_400_000;

/** The inventory of the places where plates live, and what is done with it. */
export type Privacy = ReturnType<typeof createPrivacy>;

export function createPrivacy(parts: PrivacyParts) {
  return {
    days: parts.days,
    takeInventory: () => takeInventory(parts),
    tryRetention: () => tryRetention(parts),
    erase: (erasure: Erasure): Promise<ErasureReport> =>
      erasure.dryRun ? tryErasure(parts, erasure) : eraseSubject(parts, erasure),
    /** Erases again what this database does not know to be erased; resolves to how many events that were. */
    eraseAgain: () => eraseAgain(parts),
    /** Sets a hold, which ends after the days of its class unless `until` says when. */
    hold: (hold: NewHold) => setHold(parts, hold),
    answerSubject: (access: SubjectAccess): Readable => answerSubject(parts, access),
  };
}

type NewHold = Omit<Parameters<typeof addHold>[1], 'until'> & Readonly<{ until: string | null }>;

async function setHold({ sql, days, now, onHold }: PrivacyParts, hold: NewHold): Promise<Hold> {
  const lasts = days[hold.class];
  const ends = hold.until ?? (lasts === null ? null : new Date(now().getTime() + lasts * DAY_MS).toISOString());
  if (ends !== null && Date.parse(ends) <= now().getTime()) {
    throw new AlprError('INPUT_INVALID', `Expected a hold that ends later than now, got ${ends}`);
  }
  const set = await addHold(sql, { ...hold, until: ends === null ? null : new Date(ends) });
  onHold();
  return set;
}

async function takeInventory({ places }: PrivacyParts): Promise<Inventory> {
  const measured = places.map(async (place) => ({ ...head(place), ...(await place.measure()) }));
  return { places: await Promise.all(measured) };
}

async function tryRetention({ sql, places, days, now }: PrivacyParts): Promise<RetentionReport> {
  const at = now();
  const reports = places.flatMap((place) => {
    const asked = place.expired?.(at);
    return asked
      ? [asked.then(({ before, ...amount }) => ({ ...head(place), ...amount, before: before?.toISOString() ?? null }))]
      : [];
  });
  const held = days.events === null ? 0 : await countHeld(sql, new Date(at.getTime() - days.events * DAY_MS));
  return { at: at.toISOString(), days, places: await Promise.all(reports), held };
}

function head({ name, what, note }: Place) {
  return { place: name, what, note: note ?? null };
}

async function eraseAgain(parts: PrivacyParts): Promise<number> {
  const { sql, ledger, log } = parts;
  const entries = await ledger.read();
  const unknown = new Set(
    await findUnknownErasures(
      sql,
      entries.map(({ id }) => id),
    ),
  );
  let events = 0;
  for (const entry of entries.filter(({ id }) => unknown.has(id))) {
    await markErased(sql, entry.id, entry.events);
    await finishErasure(parts, entry, { plate: null, texts: [], scrub: false });
    events += entry.events.length;
  }
  if (events > 0)
    log.warn({ events }, 'events are erased again: the database is an earlier one, or an erasure was cut off');
  return events;
}

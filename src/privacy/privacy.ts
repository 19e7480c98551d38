import type { Log } from '../base/log.ts';
import type { ErasureReport, Inventory, RetentionReport } from '../contract/api/privacy.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Sql } from '../db/sql.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import { findUnknownErasures, markErased } from '../store/privacy/erasures.ts';
import { countHeld } from '../store/upkeep/expired.ts';
import { type Erasure, eraseSubject, finishErasure, tryErasure } from './erase.ts';
import type { Ledger } from './ledger.ts';
import type { Place, Traces } from './place.ts';

/** After how many days something goes; null for never. */
export type RetentionDays = RetentionReport['days'];

/** What privacy works on. */
export type PrivacyParts = Readonly<{
  sql: Sql;
  /** Every place where a plate lives. They are erased from the last to the first. */
  places: readonly Place[];
  ledger: Ledger;
  key: SigningKey;
  days: RetentionDays;
  /** How long backups are kept; null where nobody said so. */
  backupDays: number | null;
  /** The pseudonyms that a plate may have become, as long as their keys are there. */
  pseudonymsOf: (plate: string) => Promise<readonly string[]>;
  /** Rewrites what holds freed bytes of an erasure; resolves to sentences on what could not be rewritten. */
  scrub: (traces: Traces) => Promise<readonly string[]>;
  now: () => Date;
  log: Log;
}>;

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
    /** What the places tell a person of a passage. */
    readPieces: async (event: PlateEvent) =>
      (await Promise.all(parts.places.map((place) => place.read?.(event) ?? []))).flat(),
  };
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
  const held = days.events === null ? 0 : await countHeld(sql, new Date(at.getTime() - days.events * 86_400_000));
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

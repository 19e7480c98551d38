import type { Division } from '../../db/migrations.ts';
import type { Sql } from '../../db/sql.ts';
import { measureStatistics, measureStored } from '../../store/privacy/amounts.ts';
import { deleteEvents, deleteTexts } from '../../store/privacy/erasures.ts';
import { countEndedHolds, forgetHoldsOf } from '../../store/privacy/holds.ts';
import { countTexts } from '../../store/privacy/subject-events.ts';
import { countWritten, deleteWritten, type WrittenPlace } from '../../store/privacy/written-by-people.ts';
import { countExpired } from '../../store/upkeep/expired.ts';
import { NOTHING, type Place, type Traces } from '../place.ts';

type DatabaseOptions = Readonly<{ sql: Sql; division: Division; cutoff: (now: Date) => Date | undefined }>;

/** The tables of the database. Rows go together with their revisions, and both after everything that is found by them. */
export function openDatabasePlaces({ sql, division, cutoff }: DatabaseOptions): readonly Place[] {
  const expired = async (place: 'events' | 'revisions', now: Date) => {
    const before = cutoff(now);
    return before
      ? { ...(await countExpired(sql, { place, division, cutoff: before })), before }
      : { ...NOTHING, before };
  };
  const events: Place = {
    name: 'events',
    what: 'rows',
    measure: () => measureStored(sql, 'events'),
    find: async ({ rows }) => rows,
    async erase({ ids, rows }) {
      const gone = await deleteEvents(sql, ids);
      return { count: gone.events, bytes: rows.bytes };
    },
    expired: (now) => expired('events', now),
  };
  const revisions: Place = {
    name: 'revisions',
    what: 'rows',
    measure: () => measureStored(sql, 'revisions'),
    find: async (traces) => traces.revisions,
    // Deleted in one transaction with the rows.
    erase: async (traces) => traces.revisions,
    expired: (now) => expired('revisions', now),
  };
  // A text goes with its last event, so that it stands before the events.
  const notes = openWritten(sql, 'notes', 'notes and tags');
  const searches = {
    ...openWritten(sql, 'searches', 'searches'),
    note: 'Patterns that state at most half of the plate’s characters stay, because they fit many others',
  };
  return [openTexts(sql), events, revisions, notes, searches, openStatistics(sql), openHolds(sql)];
}

function openTexts(sql: Sql): Place {
  return {
    name: 'texts',
    what: 'plates',
    measure: () => measureStored(sql, 'texts'),
    find: async ({ texts }) => ({ count: await countTexts(sql, texts), bytes: lengthOf(texts) }),
    erase: async ({ texts }) => ({ count: await deleteTexts(sql, texts), bytes: lengthOf(texts) }),
  };
}

function openStatistics(sql: Sql): Place {
  return {
    name: 'statistics',
    what: 'counts',
    note: 'Counts by hour, day and camera, in which no plate stands; what is erased is counted out again within the hour',
    measure: () => measureStatistics(sql),
    find: async () => NOTHING,
    erase: async () => NOTHING,
  };
}

/** Holds in force forbid an erasure, so that only ended ones are left here, and they have forgotten their plate. */
function openHolds(sql: Sql): Place {
  return {
    name: 'holds',
    what: 'holds',
    measure: () => measureStored(sql, 'holds'),
    find: async ({ texts, ids }) => ({ count: await countEndedHolds(sql, { texts, ids }), bytes: 0 }),
    erase: async ({ texts, ids }) => ({ count: await forgetHoldsOf(sql, { texts, ids }), bytes: 0 }),
  };
}

/** What people wrote that names the plate. */
function openWritten(sql: Sql, name: WrittenPlace, what: string): Place {
  return {
    name,
    what,
    measure: () => measureStored(sql, name),
    find: async (traces) => ({ ...NOTHING, count: await countWritten(sql, name, namedBy(traces)) }),
    erase: async (traces) => ({ ...NOTHING, count: await deleteWritten(sql, name, namedBy(traces)) }),
  };
}

function lengthOf(texts: readonly string[]): number {
  return Buffer.byteLength(texts.join(''));
}

/** Other texts of its events are other plates, about which people may write. */
function namedBy({ plate, ids }: Traces) {
  return { texts: plate ? [plate] : [], ids };
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { Sql } from '../../src/db/sql.ts';
import { openTrigramSearch } from '../../src/search/trigram.ts';
import { createDeadLetterTable } from '../../src/store/dead-letters.ts';
import { countEvents, findEvent, listEvents, readRevisions } from '../../src/store/events.ts';
import { deleteEvents } from '../../src/store/privacy/erasures.ts';
import { writePseudonyms } from '../../src/store/privacy/pseudonyms.ts';
import { takeQueue } from '../../src/store/review.ts';
import { readStats } from '../../src/store/stats.ts';
import { maintain } from '../../src/store/upkeep/maintain.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { THOROUGH } from '../thorough.ts';
import { fillAsBefore, makePastPartitions, oldEvent } from './many-old-events.ts';
import { migrateTo } from './old-database.ts';
import { openEmptyDatabase } from './test-database.ts';
import { openHypertables } from './timescale-database.ts';

const log = createLog({ level: 'silent' });
const now = Date.now();
const keep = { retention_days: null, partition: 'month' } as const;

async function openPartitions(): Promise<Sql> {
  const database = await openEmptyDatabase({ native: true });
  return { ...database.sql, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

/** Compresses all but the newest chunks, and lets a statement take 100 rows of them apart: a full database has more than the server allows. */
async function compressOld(sql: Sql): Promise<void> {
  await sql.query(`SELECT compress_chunk(chunk) FROM unnest(ARRAY['plate_events', 'event_revisions']) AS name,
    show_chunks(name::regclass, older_than => interval '5 days') AS chunk`);
  await sql.query('SET timescaledb.max_tuples_decompressed_per_dml_transaction = 100');
}

const DIVISIONS = [
  // TimescaleDB runs inside this process and is slow there.
  ['native', openPartitions, makePastPartitions, async () => {}, THOROUGH ? 100_000 : 5000, 15_000],
  ['timescale', openHypertables, async () => {}, compressOld, 5000, 15_000],
] as const;

describe.each(THOROUGH ? DIVISIONS : DIVISIONS.slice(0, 1))(
  'A full database of the version before, divided as %s',
  (division, open, prepare, age, count, limitMs) => {
    const events: readonly PlateEvent[] = Array.from({ length: count }, (_, n) => oldEvent(n, now));
    /** Some of all ages, none of them retracted. */
    const some = [0, 1, 20, 999, count / 2, count - 10].map((n) => events[n] as PlateEvent);
    let sql: Sql;

    beforeAll(async () => {
      sql = await open();
      await migrateTo(sql, 7);
      await prepare(sql);
      await fillAsBefore(sql, { events: count, now });
      await age(sql);
    }, 120_000);
    afterAll(() => sql[Symbol.asyncDispose]());

    test('is migrated while nobody minds waiting', async ({ annotate }) => {
      const begun = performance.now();
      const { applied } = await migrate({ sql, log });
      const took = performance.now() - begun;
      await annotate(`${count} events, ${division}: ${Math.round(took)} ms`);
      expect(applied).toContain('013-privacy.sql');
      expect(took).toBeLessThan(limitMs);
      await maintain({ sql, division, keep, log, now: () => now });
    });

    test('has every event by its id, and the revisions before it', async () => {
      const found = await readRevisions(
        sql,
        events.map(({ event_id }) => event_id),
      );
      expect(events.filter(({ event_id, revision }) => found.get(event_id) !== revision)).toEqual([]);
      for (const event of some) {
        const history = await findEvent(sql, event.event_id, undefined);
        expect(history?.event).toEqual(event);
        expect(history?.revisions.map(({ revision }) => revision)).toEqual(event.revision === 2 ? [1, 2] : [1]);
      }
    });

    test('lists every event, newest first', async () => {
      let at = 0;
      for (let cursor: string | undefined | null; cursor !== null; ) {
        const page = await listEvents(sql, { scope: undefined }, { limit: 5000, cursor });
        for (const text of page.items) {
          if (!text.includes(`"event_id":"${events[at]?.event_id}"`)) expect(JSON.parse(text)).toEqual(events[at]);
          at++;
        }
        cursor = page.next;
      }
      expect(at).toBe(count);
    });

    test.each(['exact', 'prefix', 'suffix', 'contains', 'wildcard', 'fuzzy', 'likelihood'] as const)(
      'finds events in mode %s',
      async (mode) => {
        const search = openTrigramSearch(sql);
        for (const event of some) {
          const text = event.plate.text_normalized;
          const asked = { exact: text, prefix: text.slice(0, -1), suffix: text.slice(1), contains: text.slice(1, -1) };
          const q = { ...asked, wildcard: `?${text.slice(1)}`, fuzzy: text, likelihood: text }[mode];
          const { results } = await search.search({ scope: undefined, mode, q, limit: 100 });
          expect(results.map((hit) => hit.event)).toContainEqual(event);
        }
      },
    );

    test('counts every event that was not retracted', async () => {
      const stats = await readStats(sql, 24, undefined);
      // One in 100 is retracted; one comes every eight minutes, of which two in the last day are retracted.
      expect(stats).toMatchObject({ events_total: count * 0.99, events_24h: 178, unique_plates_24h: 178 });
      const [days] = await sql.query('SELECT sum(reads)::int AS reads FROM unique_plates_per_day');
      expect(days).toEqual({ reads: count * 0.99 });
    });

    test('has its dead letters', async () => {
      const [letter, ...others] = await createDeadLetterTable(sql).list();
      expect(others).toEqual([]);
      expect(letter?.message.key).toBe('cam-1');
      expect(new TextDecoder().decode(letter?.message.value)).toBe('no event');
    });

    test('offers for review what is decided or read from now on, not what there was', async () => {
      const queue = { filter: { scope: undefined }, order: 'teaching', holder: 'anna', limit: 10 } as const;
      expect(await takeQueue(sql, queue)).toMatchObject({ reads: [], waiting: 0 });
      const read = { ...oldEvent(1, now), revision: 3 };
      await writeEvents(sql, [read]);
      expect((await takeQueue(sql, queue)).reads.map(({ event }) => event)).toEqual([read]);
    });

    test('loses nothing to upkeep as long as it is young enough', async () => {
      const days = { ...keep, retention_days: 5000 };
      await maintain({ sql, division, keep: days, log, now: () => now });
      expect(await countEvents(sql)).toBe(count);
    });

    test('erases one old event and makes a pseudonym of another', async () => {
      const [erased, other] = [events[count - 10], events[count - 11]] as [PlateEvent, PlateEvent];
      expect(await deleteEvents(sql, [erased.event_id])).toEqual({ events: 1, revisions: 1 });
      expect(await writePseudonyms(sql, [other])).toEqual([other]);
    });
  },
);

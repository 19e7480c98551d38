import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { type Migrated, migrate } from '../../src/db/migrate.ts';
import type { Sql } from '../../src/db/sql.ts';
import { findEvent } from '../../src/store/events.ts';
import { maintain } from '../../src/store/upkeep/maintain.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { makeEvent } from '../store/make-event.ts';
import { fillAsFirst, migrateTo } from './old-database.ts';
import { openEmptyDatabase } from './test-database.ts';
import { openHypertables, WITH_HYPERTABLES } from './timescale-database.ts';

const log = createLog({ level: 'silent' });
const now = Date.now();
const keep = { retention_days: null, partition: 'month' } as const;

async function openPartitions(): Promise<Sql> {
  const database = await openEmptyDatabase({ native: true });
  return { ...database.sql, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

const DIVISIONS = [
  ['the PostgreSQL of this run', 'native', openPartitions],
  ['TimescaleDB', 'timescale', openHypertables],
] as const;
const TRIED = WITH_HYPERTABLES ? DIVISIONS : DIVISIONS.slice(0, 1);

describe.each(TRIED)('A database of version 0.1.0 on %s', (_, division, open) => {
  let sql: Sql;
  let events: readonly PlateEvent[];
  let migrated: Migrated;

  beforeAll(async () => {
    sql = await open();
    await migrateTo(sql, 1);
    events = await fillAsFirst(sql, now);
    migrated = await migrate({ sql, log });
  });
  afterAll(() => sql[Symbol.asyncDispose]());

  test('is divided as the server can', () => {
    expect(migrated.division).toBe(division);
    expect(migrated.applied).toContain('005-read-rate.sql');
  });

  test('has every event and revision after the migration and after upkeep', async () => {
    for (let round = 0; round < 2; round++) {
      expect(await sql.query('SELECT count(*)::int AS n FROM plate_events')).toEqual([{ n: events.length }]);
      for (const event of events) {
        const found = await findEvent(sql, event.event_id, undefined);
        expect(found?.event).toEqual(event);
        expect(found?.revisions).toHaveLength(event.revision > 1 ? 2 : 1);
      }
      await maintain({ sql, division, keep, log, now: () => now });
    }
  });

  test('takes new revisions of old events and keeps what they replace', async () => {
    const last = events[5] as PlateEvent;
    const corrected = { ...last, revision: 9, status: 'corrected' as const };
    await writeEvents(sql, [corrected]);
    expect(await findEvent(sql, last.event_id, undefined)).toMatchObject({
      event: corrected,
      revisions: { length: 3 },
    });
    await writeEvents(sql, [last]);
    expect((await findEvent(sql, last.event_id, undefined))?.revisions).toHaveLength(3);
  });

  test('takes events of any time', async () => {
    for (const at of [0, Date.UTC(1999, 5, 1), now, now + 100 * 86_400_000, Date.UTC(2200, 0, 1)]) {
      const event = makeEvent({ at });
      await writeEvents(sql, [event]);
      expect((await findEvent(sql, event.event_id, undefined))?.event).toEqual(event);
    }
  });

  test('loses what is older than it is to be kept, at most a partition later', async () => {
    await maintain({ sql, division, keep: { ...keep, retention_days: 30 }, log, now: () => now });
    const [oldest] = await sql.query<{ at: Date }>(
      "SELECT min(detected_at) AS at FROM plate_events WHERE detected_at > '2010-01-01'",
    );
    expect(oldest?.at.getTime()).toBeGreaterThan(now - (30 + 31) * 86_400_000);
    // Of the times above, 1970 and 1999 are impossible: such events are kept by when they were stored, a moment ago.
    const impossible = "SELECT count(*)::int AS n FROM plate_events WHERE detected_at < '2010-01-01'";
    expect(await sql.query(impossible)).toEqual([{ n: 2 }]);
    const kept = events.filter(({ detected_at }) => Date.parse(detected_at) > now - 30 * 86_400_000);
    for (const event of kept) expect(await findEvent(sql, event.event_id, undefined)).toBeDefined();
  });

  test('is not migrated again', async () => {
    expect(await migrate({ sql, log })).toEqual({ applied: [], division });
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { createRandom, type Random } from '../../src/base/random.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { Sql } from '../../src/db/sql.ts';
import { findEvent } from '../../src/store/events.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { openHypertables, WITH_HYPERTABLES } from '../db/timescale-database.ts';
import { THOROUGH } from '../thorough.ts';
import { makeEvent } from './make-event.ts';

async function openMigratedHypertables(): Promise<Sql> {
  const sql = await openHypertables();
  await migrate({ sql, log: createLog({ level: 'silent' }) });
  return sql;
}

const ROUNDS = THOROUGH ? 40 : 15;
let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

/** Events of one to five revisions with gaps in their numbers, by event in ascending order. */
function makeHistories(random: Random['below']): PlateEvent[][] {
  return Array.from({ length: 1 + random(6) }, (_, event) => {
    const at = Date.UTC(2026, 0, 1, 0, 0, event);
    const { event_id: id } = makeEvent({ at });
    let revision = 0;
    return Array.from({ length: 1 + random(5) }, () => {
      revision += 1 + random(3);
      return makeEvent({ id, at, revision, text: `AB${event}${revision}` });
    });
  });
}

/** Everything at least once, some twice or thrice, in any order, in batches of any size. */
function deliver(random: Random['below'], sent: readonly PlateEvent[]): PlateEvent[][] {
  const all = sent.flatMap((event) => Array.from({ length: 1 + random(3) }, () => event));
  for (let at = all.length - 1; at > 0; at--) {
    const other = random(at + 1);
    [all[at], all[other]] = [all[other] as PlateEvent, all[at] as PlateEvent];
  }
  const batches: PlateEvent[][] = [];
  while (all.length > 0) batches.push(all.splice(0, 1 + random(8)));
  return batches;
}

test.each(Array.from({ length: ROUNDS }, (_, seed) => seed))(
  'Delivery %i, shuffled, repeated and split anyhow, ends with every revision once and the highest as the newest',
  async (seed) => {
    const { below: random } = createRandom(seed);
    const histories = makeHistories(random);
    for (const batch of deliver(random, histories.flat())) await writeEvents(database.sql, batch);
    for (const revisions of histories) {
      const newest = revisions.at(-1) as PlateEvent;
      expect(await findEvent(database.sql, newest.event_id, undefined)).toEqual({ event: newest, revisions });
      const rows = await database.sql.query('SELECT revision FROM plate_events WHERE event_id = $1', [newest.event_id]);
      expect(rows).toEqual([{ revision: newest.revision }]);
    }
  },
);

const WAYS = [
  ['partitions', async () => ({ ...(await openTestDatabase({ native: true })).sql })],
  ['hypertables', openMigratedHypertables],
] as const;

describe.each(WITH_HYPERTABLES ? WAYS : WAYS.slice(0, 1))('A revision that names another time, with %s', (_, open) => {
  let sql: Sql;
  beforeAll(async () => {
    sql = await open();
  }, 60_000);
  afterAll(() => sql[Symbol.asyncDispose]());

  const MONTH_END = Date.UTC(2026, 4, 31, 23, 59, 30);
  test.each([
    ['in a batch of its own, a minute later and in the next month', 60_000, 2, false],
    ['in the same batch', 60_000, 2, true],
    ['a day earlier', -86_400_000, 2, false],
    ['that comes first though it is the newer one', 1000, 1, false],
  ])('%s, is one of the same event, with the time that was stored first', async (_, later, revision, isTogether) => {
    const first = makeEvent({ at: MONTH_END, text: 'AB1', revision: 3 - revision });
    const second = { ...makeEvent({ at: MONTH_END + later, id: first.event_id, revision, text: 'AB2' }) };
    const batches = isTogether ? [[first, second]] : [[first], [second]];
    for (const batch of batches) await writeEvents(sql, batch);
    const dated = { ...second, detected_at: first.detected_at };
    const revisions = [first, dated].toSorted((a, b) => a.revision - b.revision);
    expect(await findEvent(sql, first.event_id, undefined)).toEqual({ event: revisions[1], revisions });
    const rows = await sql.query('SELECT detected_at FROM plate_events WHERE event_id = $1', [first.event_id]);
    expect(rows).toEqual([{ detected_at: new Date(MONTH_END) }]);
  });
});

test('Writers at the same time lose no revision between them', async () => {
  const { below: random } = createRandom(99);
  for (let round = 0; round < 5; round++) {
    const at = Date.UTC(2026, 1, 1, 0, 0, round);
    const { event_id: id } = makeEvent({ at });
    const revisions = [1, 2, 3, 4, 5, 6, 7, 8].map((revision) => makeEvent({ id, at, revision }));
    await Promise.all(deliver(random, revisions).map((batch) => writeEvents(database.sql, batch)));
    expect(await findEvent(database.sql, id, undefined)).toEqual({ event: revisions.at(-1), revisions });
  }
});

test('Writers of the same thousand events in different orders neither block each other nor write any twice', async () => {
  const { below: random } = createRandom(7);
  const at = Date.UTC(2026, 2, 1);
  const events = Array.from({ length: 1000 }, (_, n) => makeEvent({ at: at + n, text: `P${n % 300}` }));
  const written = await Promise.all(
    [1, 2, 3, 4].map(() => {
      const shuffled = events.map((event) => ({ event, place: random(1e9) })).sort((a, b) => a.place - b.place);
      return writeEvents(
        database.sql,
        shuffled.map(({ event }) => event),
      );
    }),
  );
  expect(written.reduce((sum, one) => sum + one)).toBe(1000);
  const [{ n } = { n: 0 }] = await database.sql.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM plate_events WHERE detected_at >= $1 AND detected_at < $2',
    [new Date(at), new Date(at + 1000)],
  );
  expect(n).toBe(1000);
});

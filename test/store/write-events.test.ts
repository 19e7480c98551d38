import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom, type Random } from '../../src/base/random.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { findEvent } from '../../src/store/events.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeEvent } from './make-event.ts';

const ROUNDS = 40;
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

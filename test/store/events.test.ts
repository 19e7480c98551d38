import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { findEvent, listEvents } from '../../src/store/events.ts';
import { readStats } from '../../src/store/stats.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeEvent } from './make-event.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => database.sql.query('TRUNCATE plate_events, event_revisions'));

function parseEvent(text: string): PlateEvent {
  return JSON.parse(text) as PlateEvent;
}

async function readAll(filter: Omit<Parameters<typeof listEvents>[1], 'scope'>, limit: number): Promise<PlateEvent[]> {
  const all: PlateEvent[] = [];
  let cursor: string | undefined;
  do {
    const page = await listEvents(database.sql, { scope: undefined, ...filter }, { limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    all.push(...page.items.map(parseEvent));
    cursor = page.next ?? undefined;
  } while (cursor);
  return all;
}

test('Pages hold every event once, newest first, also where many have the same time', async () => {
  const now = Date.now();
  const events = Array.from({ length: 57 }, (_, index) => makeEvent({ at: now - Math.floor(index / 10) * 1000 }));
  await writeEvents(database.sql, events);
  const expected = events
    .toSorted((a, b) => (a.detected_at + a.event_id < b.detected_at + b.event_id ? 1 : -1))
    .map(({ event_id }) => event_id);
  for (const limit of [1, 7, 57, 100]) {
    expect((await readAll({}, limit)).map(({ event_id }) => event_id)).toEqual(expected);
  }
});

test('Events that arrive between two pages do not shift the second', async () => {
  const now = Date.now();
  const events = Array.from({ length: 6 }, (_, index) => makeEvent({ at: now - index * 1000 }));
  await writeEvents(database.sql, events);
  const first = await listEvents(database.sql, { scope: undefined }, { limit: 3 });
  await writeEvents(database.sql, [makeEvent({ at: now + 5000 })]);
  const second = await listEvents(database.sql, { scope: undefined }, { limit: 3, cursor: first.next ?? '' });
  expect([...first.items, ...second.items].map(parseEvent)).toEqual(events);
});

test('Lists are of one camera or one plate where asked', async () => {
  const [a, b, c] = [
    makeEvent({ camera: 'north', text: 'AA1' }),
    makeEvent({ camera: 'south', text: 'AA1' }),
    makeEvent({ camera: 'north', text: 'BB2' }),
  ];
  await writeEvents(database.sql, [a, b, c]);
  const idsOf = (events: readonly PlateEvent[]) => events.map(({ event_id }) => event_id).sort();
  expect(idsOf(await readAll({ camera: 'north' }, 10))).toEqual(idsOf([a, c]));
  expect(idsOf(await readAll({ text: 'AA1' }, 10))).toEqual(idsOf([a, b]));
});

test('An event of an impossible time is kept, counted and listed by itself, and stays out of the other lists', async () => {
  const year = (at: number) => makeEvent({ at: Date.UTC(at, 0, 1), text: 'TT66' });
  const [epoch, far, today] = [year(1970), year(2199), makeEvent({ text: 'TT66' })];
  await writeEvents(database.sql, [epoch, far, today]);
  for (const filter of [{}, { camera: 'cam-1' }, { text: 'TT66' }]) {
    expect(await readAll(filter, 10)).toEqual([today]);
    expect(await readAll({ ...filter, misdated: true }, 1)).toEqual([far, epoch]);
  }
  expect(await findEvent(database.sql, far.event_id, undefined)).toEqual({ event: far, revisions: [far] });
  expect(await readStats(database.sql, 24, undefined)).toMatchObject({ misdated_events: 2, events_24h: 1 });
  expect((await readStats(database.sql, 24, undefined)).per_camera).toEqual([{ camera_id: 'cam-1', events: 1 }]);
});

test.each(['', 'abc', 'W10', 'WzEsMl0', 'e30', 'bnVsbA', '💥', 'WyIyMDI2LTk5LTk5VDk5Ojk5Ojk5Ljk5OVoiLCJ4Il0'])(
  'The cursor %j that nobody gave is refused',
  async (cursor) => {
    await expect(listEvents(database.sql, { scope: undefined }, { limit: 1, cursor })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  },
);

test('An event that is not there is undefined', async () => {
  expect(await findEvent(database.sql, '01900000-0000-7000-8000-000000000000', undefined)).toBeUndefined();
});

test('Statistics count what was not retracted, per hour, camera and plate', async () => {
  const now = Date.now();
  const hour = 3_600_000;
  await writeEvents(database.sql, [
    makeEvent({ at: now - 1000, text: 'AA1', camera: 'north', confidence: 1 }),
    makeEvent({ at: now - 2000, text: 'AA1', camera: 'south', confidence: 0.5 }),
    makeEvent({ at: now - 3000, text: 'GONE', status: 'retracted' }),
    makeEvent({ at: now - 23 * hour, text: 'BB2', camera: 'north', confidence: 0.75 }),
    makeEvent({ at: now - 30 * hour, text: 'CC3', camera: 'north' }),
  ]);
  const stats = await readStats(database.sql, 24, undefined);
  expect(stats).toMatchObject({ events_total: 4, events_24h: 3, unique_plates_24h: 2, mean_confidence_24h: 0.75 });
  expect(stats.per_hour).toHaveLength(24);
  expect(stats.per_hour.at(-1)?.hour).toBe(`${new Date(now).toISOString().slice(0, 13)}:00:00.000Z`);
  expect(stats.per_camera).toEqual([
    { camera_id: 'north', events: 2 },
    { camera_id: 'south', events: 1 },
  ]);
  expect(stats.top_plates).toEqual([
    { text: 'AA1', events: 2 },
    { text: 'BB2', events: 1 },
  ]);
});

test('Statistics of an empty database are zeros and nulls', async () => {
  const stats = await readStats(database.sql, 2, undefined);
  expect(stats).toMatchObject({ events_total: 0, events_24h: 0, mean_confidence_24h: null, per_camera: [] });
  expect(stats.per_hour.map(({ events }) => events)).toEqual([0, 0]);
});

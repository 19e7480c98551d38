import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { StoredPlates } from '../../src/api/stored-plates.ts';
import { createLog } from '../../src/base/log.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import type { Sql } from '../../src/db/sql.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeEvent } from '../store/make-event.ts';

const log = createLog({ level: 'silent' });
let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

function hold(sql: Sql = database.sql, limitMs = 20_000) {
  const told: PlateEvent[] = [];
  const leaveOut = vi.fn();
  const plates = new StoredPlates({ sql, log, limitMs, tell: ({ data }) => told.push(JSON.parse(data)), leaveOut });
  return { told, plates, leaveOut };
}

test('A plate is told once it is stored and not before', async () => {
  const { told, plates } = hold();
  await using _plates = plates;
  const [late, early] = [makeEvent(), makeEvent()];
  plates.add([late, early]);
  await writeEvents(database.sql, [early]);
  await expect.poll(() => told).toEqual([early]);
  await sleep(100);
  expect(told).toEqual([early]);
  await writeEvents(database.sql, [late]);
  await expect.poll(() => told).toEqual([early, late]);
});

test('A revision waits for itself; one that a newer one replaced needs no more', async () => {
  const { told, plates } = hold();
  await using _plates = plates;
  const first = makeEvent();
  const at = Date.parse(first.detected_at);
  const [second, third] = [2, 3].map((revision) => makeEvent({ id: first.event_id, at, revision }));
  await writeEvents(database.sql, [first]);
  plates.add([second as PlateEvent]);
  plates.add([third as PlateEvent]);
  await sleep(100);
  expect(told).toEqual([]);
  await writeEvents(database.sql, [third as PlateEvent]);
  await expect.poll(() => told).toEqual([second, third]);
});

test('A plate that is never stored is left out after a while, which is told, and holds up no other', async () => {
  const { told, plates, leaveOut } = hold(database.sql, 300);
  await using _plates = plates;
  const [never, good] = [makeEvent(), makeEvent()];
  plates.add([never]);
  await sleep(400);
  await writeEvents(database.sql, [never, good]);
  plates.add([good]);
  await expect.poll(() => told).toEqual([good]);
  expect(leaveOut).toHaveBeenCalledTimes(1);
});

test('While the database is away plates wait, and closing does not', async () => {
  let away = true;
  const flaky: Sql = {
    ...database.sql,
    query: (text, values) => (away ? Promise.reject(new Error('away')) : database.sql.query(text, values)),
  };
  const { told, plates } = hold(flaky);
  const event = makeEvent();
  await writeEvents(database.sql, [event]);
  plates.add([event]);
  await sleep(100);
  expect(told).toEqual([]);
  away = false;
  await expect.poll(() => told).toEqual([event]);
  plates.add([makeEvent()]);
  await plates[Symbol.asyncDispose]();
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { readCameraQuality, readUsualQuality, readVehicleHours } from '../../src/store/camera-quality.ts';
import { keepPassages, readPassageRate } from '../../src/store/passage-counts.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeEvent } from './make-event.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.now();
/** The beginning of this hour, in which everything of now is counted. */
const THIS_HOUR = Math.floor(NOW / HOUR) * HOUR;
let database: TestDatabase;

type Counted = Readonly<{ outcome: string; reason?: string; light?: string; total: number }>;

/** Passages that one run of an edge counted in one hour. */
async function pass(at: number, counts: readonly Counted[], camera = 'north'): Promise<void> {
  const full = counts.map(({ reason = '', light = 'day', ...count }) => ({ camera, reason, light, ...count }));
  await keepPassages(database.sql, { siteId: 'home', run: `${camera}/${at}`, at: new Date(at), counts: full });
}

function read(
  minutesAgo: number,
  change: Partial<PlateEvent> & Readonly<{ height?: number; doubtful?: boolean }> = {},
) {
  const { height = 20, doubtful = false, ...rest } = change;
  const event = makeEvent({ at: NOW - 60_000 * minutesAgo, camera: 'north', confidence: doubtful ? 0.5 : 1 });
  return { ...event, plate: { ...event.plate, char_height_px: height }, ...rest };
}

beforeAll(async () => {
  database = await openTestDatabase();
  await pass(THIS_HOUR, [
    { outcome: 'read', total: 12 },
    { outcome: 'lost', reason: 'blur', light: 'night', total: 4 },
    { outcome: 'no_plate', total: 3 },
  ]);
  await pass(THIS_HOUR - 8 * HOUR, [{ outcome: 'read', total: 100 }]);
  // Shares of four days: 0.5, 0.8, 0.9 and 1; a day of ten passages says nothing.
  for (const [days, share] of [0.5, 0.8, 0.9, 1].entries()) {
    await pass(THIS_HOUR - (days + 2) * DAY, [
      { outcome: 'read', total: 20 * share },
      { outcome: 'lost', reason: 'blur', total: 20 - 20 * share },
      { outcome: 'no_plate', total: 50 },
    ]);
  }
  await pass(THIS_HOUR - 7 * DAY, [{ outcome: 'lost', reason: 'blur', total: 10 }]);
  await pass(THIS_HOUR, [{ outcome: 'lost', reason: 'too_small', total: 9 }], 'south');
  const ahead = new Date(NOW + HOUR).toISOString();
  const events = [
    read(1, { height: 10 }),
    read(2, { height: 18, doubtful: true }),
    read(3, { height: 24, doubtful: true }),
    read(4, { height: 30, time: { ...read(4).time, published: ahead } }),
    read(5, { height: 12, status: 'provisional' }),
  ];
  await writeEvents(database.sql, events);
  const corrected = { ...read(3 * 1440), revision: 1_000_000, status: 'corrected' } as const;
  const retracted = { ...read(4 * 1440), revision: 1_000_000, status: 'retracted' } as const;
  await writeEvents(database.sql, [corrected, retracted]);
});
afterAll(() => database[Symbol.asyncDispose]());

test('What a camera reads now is told from six hours of passages and from its newest reads', async () => {
  const [north, south, ...others] = await readCameraQuality(database.sql, undefined);
  expect(others).toEqual([]);
  expect(north).toMatchObject({
    site: 'home',
    camera: 'north',
    readRatio: 12 / 16,
    vehicles: [
      { outcome: 'lost', reason: 'blur', light: 'night', vehicles: 4 },
      { outcome: 'no_plate', reason: '', light: 'day', vehicles: 3 },
      { outcome: 'read', reason: '', light: 'day', vehicles: 112 },
    ],
    doubtfulRatio: 2 / 4,
    // Of 10, 18, 24 and 30.
    charHeightPx: 21,
    newestEventAt: new Date(NOW - 60_000).toISOString(),
  });
  expect(north?.clockOffsetS).toBeGreaterThan(3000);
  expect(north?.clockOffsetS).toBeLessThan(3601);
  expect(north?.meanConfidence).toBeCloseTo((1 + 0.5 + 0.5 + 1) / 4, 2);
  // Nine plates are too few to tell.
  expect(south).toMatchObject({ camera: 'south', readRatio: null, meanConfidence: null, newestEventAt: null });
});

test('What is usual is the median of full days, and what people changed is a share of all reads', async () => {
  // Read were 112 of today and 10, 16, 18 and 20 of the days before; one was corrected and one retracted.
  expect(await readUsualQuality(database.sql, undefined)).toEqual([
    { site: 'home', camera: 'north', readRatio: expect.closeTo(0.85), correctedRatio: expect.closeTo(2 / 176) },
    { site: 'home', camera: 'south', readRatio: null, correctedRatio: null },
  ]);
});

test('Hours have day and night, and vehicles without a plate change no read rate', async () => {
  const hours = await readVehicleHours(database.sql, {
    place: { site: 'home', camera: 'north' },
    from: new Date(THIS_HOUR),
    to: new Date(THIS_HOUR + HOUR),
    scope: undefined,
  });
  expect(hours.map(({ outcome, reason, light, vehicles }) => [outcome, reason, light, vehicles])).toEqual([
    ['lost', 'blur', 'night', 4],
    ['no_plate', '', 'day', 3],
    ['read', '', 'day', 12],
  ]);
  const elsewhere = {
    place: { site: 'yard', camera: 'north' },
    from: new Date(THIS_HOUR),
    to: new Date(THIS_HOUR + HOUR),
  };
  expect(await readVehicleHours(database.sql, { ...elsewhere, scope: undefined })).toEqual([]);
  expect(hours[0]?.hour).toBe(new Date(THIS_HOUR).toISOString());
  expect(await readPassageRate(database.sql, undefined)).toBeCloseTo(112 / (112 + 4 + 9));
});

test('Whoever may see some cameras alone is told of these alone', async () => {
  const scope = { cameras: ['south'], sites: [] };
  expect((await readCameraQuality(database.sql, scope)).map(({ camera }) => camera)).toEqual(['south']);
  expect((await readUsualQuality(database.sql, scope)).map(({ camera }) => camera)).toEqual(['south']);
  const day = { from: new Date(NOW - DAY), to: new Date(NOW + HOUR), scope };
  expect((await readVehicleHours(database.sql, day)).map(({ camera }) => camera)).toEqual(['south']);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../src/base/random.ts';
import { DRIFTED } from '../../src/contract/camera-advice.ts';
import { FIRST_REVIEW, type PlateEvent } from '../../src/contract/plate-event.ts';
import { readCameraDrift, refreshCameraDrift } from '../../src/store/camera-drift.ts';
import { keepPassages } from '../../src/store/passage-counts.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeEvent } from './make-event.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.now();
const { next } = createRandom(5);
let database: TestDatabase;

/** A value with the likeness of a bell around a middle. */
const around = (middle: number, spread: number) => middle + spread * (next() + next() + next() + next() - 2);

type Look = Readonly<{ height: number; sharpness: number; confidence: number; region: string }>;

/** Reads of one camera on one day, as many in each hour. */
function see(camera: string, daysAgo: number, count: number, look: () => Look): readonly PlateEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const { height, sharpness, confidence, region } = look();
    const at = NOW - daysAgo * DAY - ((index + 0.5) / count) * DAY;
    const event = makeEvent({ at: Math.round(at), camera, confidence: Math.round(confidence * 1e5) / 1e5 });
    const plate = { ...event.plate, char_height_px: Math.round(height * 10) / 10, sharpness, region };
    return { ...event, plate };
  });
}

const usually = (): Look => ({
  height: around(20, 5),
  sharpness: Math.round(around(0.7, 0.15) * 1e5) / 1e5,
  confidence: Math.min(1, 0.99 - 0.2 * next() ** 4),
  region: next() < 0.8 ? 'de' : 'fr',
});

beforeAll(async () => {
  database = await openTestDatabase();
  const { sql } = database;
  const cameras = ['steady', 'moved', 'seldom', 'new', 'reviewed'];
  await keepPassages(sql, {
    siteId: 'home',
    run: 'edge',
    at: new Date(NOW),
    counts: cameras.map((camera) => ({ camera, outcome: 'read', reason: '', light: 'day', total: 1 })),
  });
  const past = (camera: string, count: number, days = 14) =>
    Array.from({ length: days }, (_, day) => see(camera, day + 1, count, usually)).flat();
  const isWhole = ({ height, ...rest }: Look): Look => ({ ...rest, height: 0.7 * height });
  await writeEvents(sql, [
    ...past('steady', 24),
    ...see('steady', 0, 160, usually),
    ...past('moved', 24),
    ...see('moved', 0, 160, () => ({ ...isWhole(usually()), region: next() < 0.4 ? 'de' : 'pl' })),
    ...past('seldom', 24),
    ...see('seldom', 0, 99, () => isWhole(usually())),
    ...past('new', 120, 2),
    ...see('new', 0, 160, () => isWhole(usually())),
    ...past('reviewed', 24),
  ]);
  // What people decided is certain: the machine's confidence counts, which an earlier revision has.
  const reads = see('reviewed', 0, 160, usually);
  await writeEvents(sql, reads);
  await writeEvents(
    sql,
    reads.map((read) => ({
      ...read,
      revision: FIRST_REVIEW,
      status: 'retracted' as const,
      plate: { ...read.plate, confidence: 1 },
    })),
  );
});
afterAll(() => database[Symbol.asyncDispose]());

test('A camera that was moved is told from those that see as before, and nothing is said of few reads or few days', async () => {
  await refreshCameraDrift(database.sql, NOW);
  const found = await readCameraDrift(database.sql, undefined);
  expect([...new Set(found.map(({ camera }) => camera))]).toEqual(['moved', 'reviewed', 'steady']);
  const drifted = found.filter(({ psi }) => psi >= DRIFTED).map(({ camera, what }) => `${camera} ${what}`);
  expect(drifted).toEqual(['moved char_height', 'moved region']);
  // By chance alone four degrees of freedom stray by less than 13.3 in 99 of 100 samples (chi-squared).
  for (const { camera, psi } of found)
    if (camera !== 'moved') expect(psi).toBeLessThan((13.3 - 4) * (1 / 160 + 1 / 336));
  const [height] = found.filter(({ camera, what }) => camera === 'moved' && what === 'char_height');
  expect(height).toMatchObject({ site: 'home', reads: 160, reads_before: 336, bins: { length: 5 } });
  expect(height?.before).toBeCloseTo(20, 0);
  expect(height?.now).toBeCloseTo(14, 0);
  for (const part of ['now', 'before'] as const) {
    expect(height?.bins.reduce((sum, bin) => sum + bin[part], 0)).toBeCloseTo(1, 3);
  }
  const regions = found.find(({ camera, what }) => camera === 'moved' && what === 'region')?.bins;
  expect(regions?.map(({ region }) => region)).toEqual(['de', 'fr', 'pl']);
  expect(await readCameraDrift(database.sql, { cameras: ['steady'], sites: [] })).toHaveLength(4);
});

test('It is measured once an hour, whichever process asks', async () => {
  const newest = async () =>
    (await database.sql.query<{ at: Date }>('SELECT max(at) AS at FROM camera_drift'))[0]?.at.getTime();
  await refreshCameraDrift(database.sql, NOW + HOUR / 2);
  expect(await newest()).toBe(NOW);
  await Promise.all([NOW + HOUR, NOW + HOUR].map((at) => refreshCameraDrift(database.sql, at)));
  expect(await newest()).toBe(NOW + HOUR);
});

import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FIRST_REVIEW, type PlateEvent } from '../../src/contract/plate-event.ts';
import { readTruthRows } from '../../src/eval/truth-rows.ts';
import { openFileImages } from '../../src/images/files.ts';
import type { Images } from '../../src/images/images.ts';
import { exportTraining } from '../../src/review/export-training.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeEvent } from '../store/make-event.ts';

/** The set that training/tests loads: what is written here is what Python reads there. */
const FIXTURE = join(import.meta.dirname, '../../training/tests/corrections');
const ID = '019b2e3c-7a00-7000-8000-000000000001';
const AT = Date.parse('2026-03-01T12:00:00.000Z');

let database: TestDatabase;
let images: Images;
let folder: string;
let picture: Buffer;

beforeAll(async () => {
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'alpr-training-'));
  images = await openFileImages(join(folder, 'pictures'));
  picture = await readFile(join(FIXTURE, 'images', `${ID}.jpg`));
  const corrected = reviewed(makeEvent({ id: ID, at: AT, text: 'AB12CDE' }), 'correct');
  const plain = reviewed(makeEvent({ at: AT + 1000 }), 'confirm');
  const rejected = reviewed(makeEvent({ at: AT + 2000 }), 'reject');
  await writeEvents(database.sql, [
    await withPicture({ ...corrected, plate: { ...corrected.plate, ...PLACE, text_raw: 'AB12CDF' } }),
    { ...plain, images: null },
    await withPicture({ ...rejected, status: 'retracted' }),
    await withPicture(makeEvent({ at: AT + 3000 })),
  ]);
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** A plate of 120 × 50 px at (400, 300): its picture begins 8 % and 15 % before it, at (390, 292). */
const PLACE = {
  bbox: [400, 300, 120, 50] as [number, number, number, number],
  quad: [
    [399.6, 302],
    [519.6, 304],
    [518.6, 346],
    [398.6, 344],
  ] as [number, number][],
  region: 'gb',
  region_confidence: 0.97,
};

function reviewed(event: PlateEvent, action: 'confirm' | 'correct' | 'reject'): PlateEvent {
  const review = { by: 'ann', by_id: null, at: event.detected_at, action, text: null, into: null, of: 1, reason: '' };
  return { ...event, revision: FIRST_REVIEW, review };
}

async function withPicture(event: PlateEvent): Promise<PlateEvent> {
  const sha256 = createHash('sha256').update(picture).digest('hex');
  const key = `home/cam-1/2026/03/01/${event.event_id}/1-plate.jpg`;
  await images.put(key, picture, 'image/jpeg');
  const one = { key, sha256, w: 139, h: 65 };
  return { ...event, images: { plate: one, vehicle: one, frame: one } };
}

const run = (name: string, more: object = {}) =>
  exportTraining({
    sql: database.sql,
    images,
    config: { export_training: true },
    folder: join(folder, name),
    ...more,
  });

test('what people confirmed and corrected becomes the set that training/ loads', async () => {
  expect(await run('all')).toEqual({ written: 1, withoutPicture: 1 });
  const read = (root: string) => readFile(join(root, 'labels.jsonl'), 'utf8');
  expect(await read(join(folder, 'all'))).toBe(await read(FIXTURE));
  const describe = async (root: string) => JSON.parse(await readFile(join(root, 'set.json'), 'utf8'));
  const written = expect.stringMatching(/^20\d\d-.*Z$/);
  expect(await describe(join(folder, 'all'))).toEqual({ ...(await describe(FIXTURE)), written_at: written });
  expect(await readFile(join(folder, 'all', 'images', `${ID}.jpg`))).toEqual(picture);
  expect(await readTruthRows(join(folder, 'all'))).toMatchObject([{ text: 'AB12CDE', lines: 1, region: 'gb' }]);
});

test('only reads of a span are written where one is given', async () => {
  expect(await run('later', { from: new Date(AT + 500) })).toEqual({ written: 0, withoutPicture: 1 });
  expect(await run('earlier', { to: new Date(AT + 500) })).toEqual({ written: 1, withoutPicture: 0 });
});

test('a picture that is not the one of the event is left out', async () => {
  const key = `home/cam-1/2026/03/01/${ID}/1-plate.jpg`;
  await images.put(key, Buffer.from('another'), 'image/jpeg');
  expect(await run('damaged')).toEqual({ written: 0, withoutPicture: 2 });
  await images.put(key, picture, 'image/jpeg');
});

test('nothing leaves without the consent of the configuration, and no set is written over', async () => {
  await expect(run('refused', { config: { export_training: false } })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await run('twice');
  await expect(run('twice')).rejects.toMatchObject({ code: 'CONFLICT' });
});

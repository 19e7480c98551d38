import { afterAll, beforeAll, expect, test } from 'vitest';
import { FIRST_REVIEW, type PlateEvent } from '../../src/contract/plate-event.ts';
import { takeQueue } from '../../src/store/review.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeEvent } from './make-event.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

type Read = Readonly<{ text: string; confidence: number; region: string; camera: string; pair: string }>;

/** A read whose first character may as well be the second one of `pair`. */
function read({ region, pair, ...wanted }: Read): PlateEvent {
  const event = makeEvent(wanted);
  const chars = event.plate.chars.map((char, at) =>
    at > 0 ? { ...char, p: 0.99 } : { ...char, p: 0.5, alt: [{ c: pair.charAt(1), p: 0.4 }] },
  );
  return { ...event, plate: { ...event.plate, region, chars } };
}

const KNOWN: Read = { text: '8A12CDE', confidence: 0.4, region: 'gb', camera: 'gate', pair: '8B' };

const take = async (order: 'teaching' | 'doubt', limit = 10) =>
  (await takeQueue(database.sql, { filter: { scope: undefined }, order, holder: 'ann', limit })).reads.map(
    ({ event }) => event.plate.text_normalized,
  );

test('of reads in like doubt comes first what people have decided on least, and by doubt alone what is in most doubt', async () => {
  await writeEvents(database.sql, [
    read({ ...KNOWN, text: '8K11KNO' }),
    read({ ...KNOWN, text: '0K11PAI', confidence: 0.45, pair: '0O' }),
    read({ text: '0911NEW', confidence: 0.5, region: 'fr', camera: 'yard', pair: '0D' }),
    read({ text: '0911SUR', confidence: 0.95, region: 'es', camera: 'ramp', pair: '0Q' }),
  ]);
  expect(await take('teaching')).toEqual(['8K11KNO', '0K11PAI', '0911NEW', '0911SUR']);
  const decided = Array.from({ length: 90 }, () => ({
    ...read(KNOWN),
    revision: FIRST_REVIEW,
    status: 'corrected' as const,
  }));
  await writeEvents(database.sql, decided);
  // 90 decisions leave a third of the novelty (1 / √10). Doubts are 0.6, 0.55, 0.5 and 0.05; a kind that is new does not outweigh that nothing is in doubt.
  expect(await take('teaching')).toEqual(['0911NEW', '0K11PAI', '8K11KNO', '0911SUR']);
  expect(await take('doubt')).toEqual(['8K11KNO', '0K11PAI', '0911NEW', '0911SUR']);
});

test('a page shows several kinds: what stands before counts as decided', async () => {
  const many = Array.from({ length: 60 }, (_, at) =>
    read({ ...KNOWN, text: `1M${10 + at}SAM`, camera: 'one', pair: '1I', region: 'de', confidence: 0.3 + at / 1000 }),
  );
  const other = read({ text: '5A11OTH', confidence: 0.37, region: 'pl', camera: 'two', pair: '5S' });
  await writeEvents(database.sql, [...many, other]);
  const place = async (order: 'teaching' | 'doubt') => (await take(order, 100)).indexOf('5A11OTH');
  expect(await place('doubt')).toBeGreaterThan(50);
  expect(await place('teaching')).toBeLessThan(15);
});

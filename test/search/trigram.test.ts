import { afterAll, beforeAll, expect, test } from 'vitest';
import { foldPlate } from '../../src/contract/plate-text.ts';
import { openTrigramSearch } from '../../src/search/trigram.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeEvent } from '../store/make-event.ts';
import { testSearch } from './search-contract.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

testSearch('trigram', async () => ({
  search: openTrigramSearch(database.sql),
  write: async (events) => {
    await writeEvents(database.sql, events);
  },
  [Symbol.asyncDispose]: async () => {},
}));

test.each(['fuzzy', 'contains', 'wildcard'] as const)(
  'A text that no event has any more finds nothing, in mode %s',
  async (mode) => {
    const first = makeEvent({ text: 'WRONG77' });
    const at = Date.parse(first.detected_at);
    const corrected = makeEvent({ id: first.event_id, at, revision: 2, status: 'corrected', text: 'HKLMN44' });
    await writeEvents(database.sql, [first]);
    await writeEvents(database.sql, [corrected]);
    const search = openTrigramSearch(database.sql);
    for (const camera of [undefined, 'cam-1']) {
      expect((await search.search({ scope: undefined, q: 'WRONG77', mode, camera, limit: 10 })).results).toEqual([]);
      const { results } = await search.search({ scope: undefined, q: 'HKLMN44', mode, camera, limit: 10 });
      expect(results.map(({ event }) => event)).toContainEqual(corrected);
    }
  },
);

test('The database folds look-alikes as the contract does', async () => {
  const text = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖ品';
  const [row] = await database.sql.query<{ folded: string }>('SELECT fold_plate($1) AS folded', [text]);
  expect(foldPlate(text)).toBe(row?.folded);
});

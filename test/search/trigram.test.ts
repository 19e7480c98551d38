import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeEvents } from '../../src/ingest/write.ts';
import { openTrigramSearch } from '../../src/search/trigram.ts';
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

/** Levenshtein's distance by its plain recursive definition, over texts whose look-alikes are made one. */
function distanceByDefinition(a: string, b: string): number {
  const memo = new Map<string, number>();
  const at = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = `${i},${j}`;
    const known = memo.get(key);
    if (known !== undefined) return known;
    const same = a[i - 1] === b[j - 1] ? 0 : 1;
    const value = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same);
    memo.set(key, value);
    return value;
  };
  return at(a.length, b.length);
}

const ALIKE = ['0OQD', '1I', '2Z', '5S', '8B', '6G'];
const unify = (text: string) => [...text].map((c) => ALIKE.find((group) => group.includes(c))?.[0] ?? c).join('');

test('Fuzzy search finds exactly what comparing with every text finds', async () => {
  // A linear congruential generator (Numerical Recipes), so that a failure can be repeated.
  let state = 42;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const letters = 'ABDO0128IZ';
  const texts = Array.from({ length: 3000 }, () =>
    Array.from({ length: 4 + next(6) }, () => letters[next(letters.length)]).join(''),
  );
  await database.sql.query('TRUNCATE plate_events, plate_texts, event_revisions');
  await writeEvents(
    database.sql,
    texts.map((text) => makeEvent({ text })),
  );
  await database.sql.query('ANALYZE plate_events, plate_texts');
  const search = openTrigramSearch(database.sql);
  for (const q of [
    'AB1',
    'AB12',
    'A1B2D',
    '11AAAA',
    'AB12OA',
    'A0B1Z2A',
    'DD88II1',
    '2121ABAB',
    '00ABIZAB1',
    'ÄB12OA1',
  ]) {
    const budget = q.length <= 3 ? 0 : q.length <= 6 ? 1 : 2;
    const expected = new Set(texts.filter((text) => distanceByDefinition(unify(q), unify(text)) <= budget));
    const { results } = await search.search({ q, mode: 'fuzzy', limit: 3000 });
    const found = new Set(results.map(({ event }) => event.plate.text_normalized));
    expect([...found].sort(), q).toEqual([...expected].sort().slice(0, 500));
  }
});

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
      expect((await search.search({ q: 'WRONG77', mode, camera, limit: 10 })).results).toEqual([]);
      const { results } = await search.search({ q: 'HKLMN44', mode, camera, limit: 10 });
      expect(results.map(({ event }) => event)).toContainEqual(corrected);
    }
  },
);

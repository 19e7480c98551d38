import { beforeAll, describe, expect, test } from 'vitest';
import { makeEvent } from '../store/make-event.ts';
import type { SearchFixture } from './search-contract.ts';

const WEEK_MS = 7 * 86_400_000;
const YEARS = [1970, 2100, 2199];

/** Events whose revisions do not agree on a time. */
export function testRedated(open: () => SearchFixture): void {
  const MONTH_END = Date.UTC(2026, 4, 31, 23, 59, 30);
  test.each([
    ['in two months', 60_000, 'QQ44AAA'],
    ['in one', -60_000, 'QQ44BBB'],
  ])('an event whose revisions name two times %s is one, at the first of them', async (_, later, text) => {
    const first = makeEvent({ at: MONTH_END, text });
    await open().write([first]);
    const second = makeEvent({ at: MONTH_END + later, id: first.event_id, revision: 2, text });
    await open().write([second]);
    const { results } = await open().search.search({ scope: undefined, q: text, mode: 'exact', limit: 10 });
    expect(results.map(({ event }) => event)).toEqual([{ ...second, detected_at: first.detected_at }]);
  });
}

/** Events of times that cannot be. */
export function testMisdated(open: () => SearchFixture): void {
  describe('events of impossible times', () => {
    const today = makeEvent({ at: Date.now() - WEEK_MS, text: 'PP44QQQ', camera: 'clock' });
    const odd = YEARS.map((year) => makeEvent({ at: Date.UTC(year, 4, 1), text: 'PP44QQQ', camera: 'clock' }));
    beforeAll(() => open().write([today, ...odd]));

    const find = async (mode: 'exact' | 'fuzzy' | 'likelihood', span: object = {}) => {
      const { results } = await open().search.search({ scope: undefined, q: 'PP44QQQ', mode, limit: 10, ...span });
      return results.map(({ event }) => event);
    };

    test('do not stand before the others in any mode', async () => {
      for (const mode of ['exact', 'fuzzy', 'likelihood'] as const) expect(await find(mode)).toEqual([today]);
    });

    test('are found by whoever names such a time', async () => {
      for (const mode of ['exact', 'fuzzy', 'likelihood'] as const) {
        expect(await find(mode, { to: '2200-01-01T00:00:00Z', from: '2150-01-01T00:00:00Z' })).toEqual([odd[2]]);
        expect(await find(mode, { from: '1960-01-01T00:00:00Z', to: '1980-01-01T00:00:00Z' })).toEqual([odd[0]]);
      }
    });

    test('are not counted, and do not stretch the counts over time beyond what can be answered', async () => {
      const query = { q: 'PP44QQQ', mode: 'exact' } as const;
      expect((await open().search.facets({ scope: undefined, ...query })).events).toBe(1);
      const days = await open().search.analytics({ scope: undefined, ...query, bucket: 'day' });
      expect(days.map(({ events }) => events)).toEqual([1]);
      expect(await open().search.analytics({ scope: undefined, ...query, bucket: 'hour' })).toHaveLength(1);
    });
  });
}

import { beforeAll, describe, expect, test } from 'vitest';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import type { CountQuery } from '../../src/search/search.ts';
import { makeEvent } from '../store/make-event.ts';
import type { SearchFixture } from './search-contract.ts';

type Row = readonly [
  at: string,
  text: string,
  camera: string,
  region: string | null,
  vehicle: string | null,
  p: number,
];

const ROWS: readonly Row[] = [
  ['2026-03-30T22:10:00.000Z', 'HB11AAA', 'quay', 'nl', 'car', 0.5],
  ['2026-03-30T22:59:59.999Z', 'HB11AAA', 'quay', 'nl', 'truck', 0.7],
  ['2026-03-31T01:00:00.000Z', 'H811AAA', 'gate', 'de', 'car', 0.9],
  ['2026-03-31T23:59:59.999Z', 'ZW99ZZZ', 'gate', null, null, 0.6],
  ['2026-04-01T00:00:00.000Z', 'HB11AAB', 'quay', 'nl', 'car', 0.8],
];

const makeRow = ([at, text, camera, region, vehicle, confidence]: Row, status: PlateEvent['status']): PlateEvent => {
  const event = makeEvent({ at: Date.parse(at), text, camera, confidence, status });
  const plate = { ...event.plate, region };
  return { ...event, site_id: 'harbour', plate, vehicle: { ...event.vehicle, type: vehicle } };
};

/** Counting what a search finds. */
export function testCounts(open: () => SearchFixture): void {
  describe('counts', () => {
    beforeAll(() =>
      open().write([
        ...ROWS.map((row) => makeRow(row, 'final')),
        makeRow(['2026-03-31T01:00:00.000Z', 'HB11AAA', 'gone', 'xx', 'bus', 1], 'retracted'),
      ]),
    );

    const facets = (query: Partial<CountQuery>) =>
      open().search.facets({ scope: undefined, mode: 'auto', site: 'harbour', ...query });
    const count = (value: string, events: number) => ({ value, events });

    test('by camera, site, region, vehicle and hour, most first', async () => {
      expect(await facets({})).toEqual({
        events: 5,
        cameras: [count('quay', 3), count('gate', 2)],
        sites: [count('harbour', 5)],
        regions: [count('nl', 3), count('de', 1)],
        vehicles: [count('car', 3), count('truck', 1)],
        hours: [count('00', 1), count('01', 1), count('22', 2), count('23', 1)],
      });
    });

    test.each([
      [{ q: 'HB11', mode: 'prefix' }, 3],
      [{ q: 'HB11AAA', mode: 'exact' }, 2],
      [{ q: 'AAA', mode: 'suffix' }, 3],
      [{ q: 'H?11*', mode: 'auto' }, 4],
      [{ q: 'HB11AAA', mode: 'fuzzy' }, 4],
      [{ q: 'HB11AAA', mode: 'likelihood' }, 4],
      [{ q: 'NOTHERE', mode: 'auto' }, 0],
      [{ camera: 'quay' }, 3],
      [{ region: 'nl', vehicle: 'car' }, 2],
      [{ site: 'elsewhere' }, 0],
      [{ minConfidence: 0.7 }, 3],
      [{ from: '2026-03-31T00:00:00Z', to: '2026-04-01T00:00:00+00:00' }, 3],
    ] as const)('of %j are %i events', async (query, expected) => {
      expect((await facets(query)).events).toBe(expected);
    });

    test('agree with what a search finds, by every filter', async () => {
      for (const filter of [{ site: 'harbour' }, { region: 'nl' }, { vehicle: 'truck' }, { camera: 'gate' }]) {
        const query = { q: 'HB11AAA', mode: 'fuzzy', site: 'harbour', ...filter } as const;
        const { results } = await open().search.search({ scope: undefined, ...query, limit: 50 });
        expect(results.length).toBe((await facets(query)).events);
        expect(results.length).toBeGreaterThan(0);
      }
    });

    test('over time are filled with empty buckets, in UTC', async () => {
      const over = (bucket: 'hour' | 'day' | 'week' | 'month') =>
        open().search.analytics({ scope: undefined, mode: 'auto', site: 'harbour', bucket });
      expect(await over('day')).toEqual([
        { at: '2026-03-30T00:00:00.000Z', events: 2, mean_confidence: 0.6 },
        { at: '2026-03-31T00:00:00.000Z', events: 2, mean_confidence: 0.75 },
        { at: '2026-04-01T00:00:00.000Z', events: 1, mean_confidence: 0.8 },
      ]);
      // The 30th of March 2026 is a Monday.
      expect((await over('week')).map(({ at, events }) => [at, events])).toEqual([['2026-03-30T00:00:00.000Z', 5]]);
      expect((await over('month')).map(({ at, events }) => [at, events])).toEqual([
        ['2026-03-01T00:00:00.000Z', 4],
        ['2026-04-01T00:00:00.000Z', 1],
      ]);
      const hours = await over('hour');
      expect(hours.length).toBe(27);
      expect(hours[1]).toEqual({ at: '2026-03-30T23:00:00.000Z', events: 0, mean_confidence: null });
      expect(await open().search.analytics({ scope: undefined, mode: 'auto', site: 'nowhere', bucket: 'day' })).toEqual(
        [],
      );
    });
  });
}

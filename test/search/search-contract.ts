import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Hit } from '../../src/contract/api/search.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { reviseEvent } from '../../src/review/revise-event.ts';
import type { Search, SearchQuery } from '../../src/search/search.ts';
import { makeEvent } from '../store/make-event.ts';
import { testCounts } from './counts-contract.ts';
import { testLikelihood } from './likelihood-contract.ts';
import { testMisdated, testRedated } from './misdated-contract.ts';
import { testNear } from './near-contract.ts';
import { testScope } from './scope-contract.ts';
import { testUmlauts } from './umlauts-contract.ts';

/** A search adapter under test and how events get into it. */
export type SearchFixture = Readonly<{ search: Search; write: (events: readonly PlateEvent[]) => Promise<void> }> &
  AsyncDisposable;

const T0 = Date.UTC(2026, 0, 1);

const EVENTS = [
  { text: 'AB12CDE', camera: 'north', confidence: 0.9 },
  { text: 'A812CDE', camera: 'south', confidence: 0.8 },
  { text: 'AB12CDF', camera: 'north', confidence: 0.7 },
  { text: 'AB12CD', camera: 'north', confidence: 0.6 },
  { text: 'XY12CDE', camera: 'north', confidence: 0.5 },
  { text: 'ZZ99ZZZ', camera: 'south', confidence: 0.95, candidates: ['AB12CDE'] },
  { text: 'MM77MMM', camera: 'south', confidence: 0.95 },
  { text: 'AB12CDE', camera: 'south', confidence: 0.4 },
].map((wanted, index) => makeEvent({ ...wanted, at: T0 + index * 60_000 }));

const passed = (direction: string, ...zones: string[]) => ({
  crossings: [{ line: 'gate', direction, at: '2026-01-01T00:00:00.000Z' }],
  zones: zones.map((zone) => ({ zone, dwell_ms: 1000 })),
});
const PASSED = [passed('in', 'Loading bay', 'yard'), passed('out', 'yard'), passed('hin"ein, \\')].map(
  (motion, index) => {
    const event = makeEvent({ text: `PS${index}`, camera: 'lot', at: T0 + 86_400_000 + index * 60_000 });
    return { ...event, motion: { ...event.motion, ...motion } };
  },
);

/** What every search adapter must do. */
export function testSearch(name: string, open: () => Promise<SearchFixture>): void {
  describe(`Search: ${name}`, () => {
    let fixture: SearchFixture;
    beforeAll(async () => {
      fixture = await open();
      await fixture.write(EVENTS);
      await fixture.write(PASSED);
    });
    afterAll(() => fixture[Symbol.asyncDispose]());

    const find = (query: Partial<SearchQuery>) =>
      fixture.search.search({ scope: undefined, mode: 'auto', limit: 50, ...query });
    const indexesOf = (hits: readonly Hit[]) =>
      hits.map(({ event }) => EVENTS.findIndex(({ event_id }) => event_id === event.event_id));

    test.each([
      ['exact', 'AB12CDE', [7, 0]],
      ['exact', 'ab-12 cde', [7, 0]],
      ['exact', 'AB12', []],
      ['prefix', 'AB12', [7, 3, 2, 0]],
      ['suffix', 'CDE', [7, 4, 1, 0]],
      ['contains', '12CD', [7, 4, 3, 2, 1, 0]],
      ['wildcard', 'A?12CDE', [7, 1, 0]],
      ['wildcard', '*12C*E', [7, 4, 1, 0]],
      ['wildcard', 'AB12CD?', [7, 2, 0]],
      ['wildcard', 'AB12CD*', [7, 3, 2, 0]],
    ] as const)('mode %s of %s finds the events %j, newest first', async (mode, q, expected) => {
      const answer = await find({ mode, q });
      expect(indexesOf(answer.results)).toEqual(expected);
      expect(answer.mode).toBe(mode);
    });

    test('fuzzy finds equal texts, look-alikes, other possible readings and edits, in this order and with reasons', async () => {
      const { results } = await find({ mode: 'fuzzy', q: 'AB12CDE' });
      expect(indexesOf(results)).toEqual([7, 0, 1, 5, 3, 2, 4]);
      const reasons = results.map(({ reason }) => [reason.kind, reason.distance, reason.detail]);
      expect(reasons.slice(0, 3)).toEqual([
        ['exact', 0, ''],
        ['exact', 0, ''],
        ['lookalike', 1, 'B↔8 at 2'],
      ]);
      expect(reasons[3]?.[0]).toBe('candidate');
      expect(reasons[3]?.[2]).toContain('ZZ99ZZZ');
      expect(reasons.slice(4)).toEqual([
        ['edit', 1, 'E missing at 7'],
        ['edit', 1, 'E↔F at 7'],
        ['edit', 2, 'A↔X at 1, B↔Y at 2'],
      ]);
      const scores = results.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      expect(scores[0]).toBe(1);
    });

    test('without a text the filter alone finds, newest first and page by page', async () => {
      const span = { camera: 'south', from: '2026-01-01T00:01:00Z', to: '2026-01-01T00:06:00Z' };
      const all = await find({ ...span });
      expect([all.mode, indexesOf(all.results), all.next]).toEqual(['filter', [6, 5, 1], null]);
      const page = await find({ ...span, limit: 2 });
      const rest = await find({ ...span, limit: 2, cursor: page.next ?? '' });
      expect([...indexesOf(page.results), ...indexesOf(rest.results)]).toEqual([6, 5, 1]);
    });

    test.each([
      [{ direction: 'in' }, [0]],
      [{ direction: 'out', zone: 'yard' }, [1]],
      [{ direction: 'hin"ein, \\' }, [2]],
      [{ zone: 'yard' }, [1, 0]],
      [{ q: 'PS0', zone: 'Loading bay' }, [0]],
      [{ zone: 'loading' }, []],
    ])('the filter %j finds the vehicles that passed there: %j', async (filter, expected) => {
      const { results } = await find(filter);
      const indexes = results.map(({ event }) => PASSED.findIndex(({ event_id }) => event_id === event.event_id));
      expect(indexes).toEqual(expected);
      expect((await fixture.search.facets({ scope: undefined, mode: 'auto', ...filter })).events).toBe(expected.length);
    });

    test.each([
      ['AB12CDE', 'fuzzy'],
      ['A*', 'wildcard'],
      ['B12', 'contains'],
    ] as const)('auto takes %s for %s', async (q, mode) => {
      const answer = await find({ q });
      expect(answer.mode).toBe(mode);
      expect(answer.results.length).toBeGreaterThan(0);
    });

    test('filters by camera, time and confidence hold in every mode', async () => {
      for (const [mode, q] of [
        ['fuzzy', 'AB12CDE'],
        ['contains', '12CD'],
      ] as const) {
        const all = indexesOf((await find({ mode, q })).results);
        const only = async (filter: Partial<SearchQuery>) => indexesOf((await find({ mode, q, ...filter })).results);
        const camera = all.filter((index) => EVENTS[index]?.camera_id === 'south');
        expect(await only({ camera: 'south' })).toEqual(camera);
        const time = { from: '2026-01-01T00:01:00Z', to: '2026-01-01T01:03:00+01:00' };
        expect(await only(time)).toEqual(all.filter((index) => index >= 1 && index <= 3));
        const sure = all.filter((index) => (EVENTS[index]?.plate.confidence ?? 0) >= 0.7);
        expect(await only({ minConfidence: 0.7 })).toEqual(sure);
      }
    });

    test('pages of any size hold every hit once and in the same order', async () => {
      for (const [mode, q] of [
        ['fuzzy', 'AB12CDE'],
        ['contains', '12'],
      ] as const) {
        const whole = indexesOf((await find({ mode, q })).results);
        for (const limit of [1, 2, 3]) {
          const paged: number[] = [];
          let cursor: string | undefined;
          do {
            const page = await find({ mode, q, limit, cursor });
            paged.push(...indexesOf(page.results));
            cursor = page.next ?? undefined;
          } while (cursor);
          expect(paged).toEqual(whole);
        }
      }
    });

    test('a plate stored in full-width forms is found by what a keyboard writes, and the other way round', async () => {
      const wide = makeEvent({ text: 'ＦＷ１２３ＱＥ', at: T0 + 3_600_000, candidates: ['ｋｋ１２８ｋｅ'] });
      await fixture.write([wide]);
      const found = async (q: string, mode: SearchQuery['mode']) =>
        (await find({ q, mode })).results.map(({ event, score, reason }) => [event.event_id, score, reason.kind]);
      for (const mode of ['exact', 'prefix', 'contains', 'fuzzy'] as const) {
        expect(await found('FW123QE', mode)).toEqual([[wide.event_id, 1, 'exact']]);
        expect(await found('ｆｗ１２３ｑｅ', mode)).toEqual([[wide.event_id, 1, 'exact']]);
      }
      expect(await found('fw-123 q?', 'wildcard')).toEqual([[wide.event_id, 6 / 7, 'wildcard']]);
      expect(await found('FW123QE', 'likelihood')).toEqual([[wide.event_id, wide.plate.confidence, 'exact']]);
      expect((await found('KKI28KE', 'fuzzy')).map(([id, , kind]) => [id, kind])).toEqual([
        [wide.event_id, 'candidate'],
      ]);
      expect((await find({ q: 'FW123QE', mode: 'exact' })).results[0]?.event).toEqual(wide);
    });

    test.each(['', ' ', '%', '\\', "'; DROP TABLE plate_events; --", 'A\0B', '💥', '???', 'A'.repeat(33)])(
      'refuses the query %j with INPUT_INVALID',
      async (q) => {
        await expect(find({ q })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      },
    );

    test('finds an event that a person corrected by the text that was read and by the right one', async () => {
      const read = makeEvent({ text: 'QW55ERT', at: T0 - 86_400_000 });
      const decision = { action: 'correct', text: 'LK66MNB', reason: 'seen', revision: 1 } as const;
      const by = { id: 'ann', name: 'Ann' };
      const corrected = reviseEvent({ revisions: [read], decision, by, at: new Date(T0) });
      await fixture.write([read]);
      await fixture.write([corrected]);
      // What the machine sends later has a lower revision.
      await fixture.write([{ ...read, revision: 2 }]);
      for (const q of ['QW55ERT', 'LK66MNB']) {
        expect((await find({ q })).results.map(({ event }) => event)).toEqual([corrected]);
      }
    });

    testLikelihood(() => fixture);
    testNear(() => fixture);
    testScope(() => fixture);
    testCounts(() => fixture);
    testMisdated(() => fixture);
    testUmlauts(() => fixture);
    testRedated(() => fixture);

    test('refuses a cursor that nobody gave', async () => {
      for (const mode of ['fuzzy', 'likelihood', 'prefix'] as const) {
        await expect(find({ q: 'AB12CDE', mode, cursor: 'WzFd' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      }
    });
  });
}

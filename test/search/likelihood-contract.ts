import { beforeAll, describe, expect, test } from 'vitest';
import type { SearchMode } from '../../src/contract/api/search.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { makeEvent } from '../store/make-event.ts';
import type { SearchFixture } from './search-contract.ts';

const T0 = Date.UTC(2026, 1, 1);

type Alternatives = Readonly<Record<number, Readonly<{ c: string; p: number }>>>;

/** An event whose characters are sure but for the alternatives given at some places, counted from 1. */
function makeRead(
  minute: number,
  wanted: Parameters<typeof makeEvent>[0],
  alternatives: Alternatives = {},
): PlateEvent {
  const event = makeEvent({ ...wanted, at: T0 + minute * 60_000 });
  const chars = event.plate.chars.map(({ c }, index) => {
    const other = alternatives[index + 1];
    return other ? { c, p: 1 - other.p, alt: [other] } : { c, p: 1, alt: [] };
  });
  const candidates = event.plate.candidates.map((one, index) => ({ ...one, p: index === 0 ? one.p : 0.2 }));
  return { ...event, plate: { ...event.plate, chars, candidates } };
}

const READS = [
  makeRead(0, { text: 'KB77XYZ', confidence: 0.9 }),
  makeRead(1, { text: 'K877XYZ', confidence: 0.6 }, { 2: { c: 'B', p: 0.31 } }),
  makeRead(2, { text: 'KH77XYZ', confidence: 0.7 }, { 2: { c: 'B', p: 0.1 } }),
  makeRead(3, { text: 'KX77XYZ', confidence: 0.95 }),
  makeRead(4, { text: 'QQ11QQQ', confidence: 0.5, candidates: ['KB77XYZ'] }),
  makeRead(5, { text: 'KB77XYZ', confidence: 0.3, status: 'corrected' }),
  makeRead(6, { text: 'KB77XYZ', confidence: 0.99, status: 'retracted' }),
  makeRead(7, { text: 'KB77XYZ', confidence: 0.5 }),
  makeRead(8, { text: 'KB77XY', confidence: 0.8 }),
];
/** As the definition in docs/guide/search.md ranks them for KB77XYZ. */
const BY_LIKELIHOOD = [5, 0, 7, 1, 4, 2, 3, 8];

/** Ranking by what each read makes probable. */
export function testLikelihood(open: () => SearchFixture): void {
  describe('by likelihood', () => {
    beforeAll(() => open().write(READS));

    const find = (more: Readonly<{ limit?: number; cursor?: string | undefined; mode?: SearchMode }> = {}) =>
      open().search.search({
        scope: undefined,
        q: 'kb-77-xyz',
        mode: 'likelihood',
        limit: 50,
        from: '2026-02-01T00:00:00Z',
        ...more,
      });
    let late = 100;
    const indexOf = (event: PlateEvent) => READS.findIndex(({ event_id }) => event_id === event.event_id);

    test('the reads come first that make the query likeliest; what was retracted never comes', async () => {
      const { results, mode } = await find();
      expect(mode).toBe('likelihood');
      expect(results.map(({ event }) => indexOf(event))).toEqual(BY_LIKELIHOOD);
    });

    // By hand, for the fourth: 0.31 / 1.017 for B, 1 / 1.0175 for K, 7, 7, X and Y, 1 / 1.027 for Z, and 0.998 each of the
    // 15 times that nothing was missed or added: 0.264.
    test('the score is the probability, and the reason says which characters were taken otherwise', async () => {
      const { results } = await find();
      const told = results.map(({ score, reason }) => [Number(score.toFixed(2)), reason.kind, reason.detail]);
      expect(told).toEqual([
        [1, 'exact', 'the whole text'],
        [0.9, 'exact', 'the whole text'],
        [0.5, 'exact', 'the whole text'],
        [0.26, 'alternative', 'B↔8 at 2, p 0.31'],
        [0.2, 'candidate', 'read as QQ11QQQ, KB77XYZ was also possible, p 0.2'],
        [0.09, 'alternative', 'B↔H at 2, p 0.1'],
        [0, 'edit', 'B↔X at 2, p 0.00049'],
        [0, 'edit', 'Z missing at 7'],
      ]);
    });

    test.each(['likelihood', 'fuzzy'] as const)(
      'in mode %s pages hold every read once and in order, also while new ones come',
      async (mode) => {
        const whole = (await find({ mode })).results.map(({ event }) => event.event_id);
        const paged: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await find({ mode, limit: 2, cursor });
          paged.push(...page.results.map(({ event }) => event.event_id));
          cursor = page.next ?? undefined;
          // The likeliest there can be: it belongs before every page that is still to come.
          await open().write([makeRead(late++, { text: 'KB77XYZ', confidence: 1 })]);
        } while (cursor !== undefined);
        expect(paged).toEqual(whole);
      },
    );
  });
}

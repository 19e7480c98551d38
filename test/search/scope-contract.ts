import { beforeAll, describe, expect, test } from 'vitest';
import type { Scope } from '../../src/contract/access.ts';
import type { SearchMode } from '../../src/contract/api/search.ts';
import { makeEvent } from '../store/make-event.ts';
import type { SearchFixture } from './search-contract.ts';

const T0 = Date.UTC(2026, 4, 1);
const LETTERS = [...'ACEFHJKLMNPRTUVWXY'];

const place = (site: string, camera: string, text: string, minute: number, candidates: readonly string[] = []) => ({
  ...makeEvent({ camera, text, at: T0 + minute * 60_000, candidates }),
  site_id: site,
});

const MINE = [
  place('yard', 'yard-in', 'QW12RTY', 0),
  place('yard', 'yard-in', 'QW12RTX', 1),
  place('yard', 'yard-out', 'VW13RTY', 2),
  place('yard', 'yard-in', 'QW12RTY', 3),
  place('yard', 'yard-out', 'NN77NNN', 4, ['QW12RTY']),
];
const SECRET = place('vault', 'vault-in', 'VX99KLM', 5, ['QW12RTY']);
/** Two edits from the query like one of ours, which comes after them: more than one query is compared with. */
const CROWD = LETTERS.flatMap((a) => LETTERS.flatMap((b) => [`QW12RTY${a}${b}`, `QW12RT${a}${b}`])).map((text, at) =>
  place('vault', 'vault-in', text, 10 + at),
);

const YARD: Scope = { cameras: [], sites: ['yard'] };
const IN: Scope = { cameras: ['yard-in'], sites: [] };
const BOTH: Scope = { cameras: ['yard-in'], sites: ['yard'] };

/** What a searcher sees who may not see everything. */
export function testScope(open: () => SearchFixture): void {
  describe('a searcher who may see some cameras or sites', () => {
    beforeAll(() => open().write([...MINE, SECRET, ...CROWD]));

    const find = async (scope: Scope, q: string | undefined, mode: SearchMode) => {
      const seen: number[] = [];
      for (let cursor: string | undefined | null; cursor !== null; ) {
        const page = await open().search.search({ scope, q, mode, limit: 2, cursor, from: '2026-01-01T00:00:00Z' });
        seen.push(...page.results.map(({ event }) => MINE.findIndex((one) => one.event_id === event.event_id)));
        cursor = page.next;
      }
      return seen.toSorted();
    };

    test.each([
      ['QW12RTY', 'exact', [0, 3]],
      ['QW12', 'prefix', [0, 1, 3]],
      ['2RTY', 'suffix', [0, 3]],
      ['W1', 'contains', [0, 1, 2, 3]],
      ['?W1?RTY', 'wildcard', [0, 2, 3]],
      ['QW12RTY', 'fuzzy', [0, 1, 2, 3, 4]],
      ['QW12RTY', 'likelihood', [0, 1, 2, 3, 4]],
      [undefined, 'auto', [0, 1, 2, 3, 4]],
    ] as const)(
      'finds by %s in mode %s only what they admit, on every page, however much there is elsewhere',
      async (q, mode, all) => {
        expect(await find(YARD, q, mode)).toEqual(all);
        expect(await find(BOTH, q, mode)).toEqual(all);
        expect(await find(IN, q, mode)).toEqual(all.filter((at) => MINE[at]?.camera_id === 'yard-in'));
        expect(await find({ cameras: [], sites: [] }, q, mode)).toEqual([]);
      },
    );

    test('is answered about a text of elsewhere as about one that is nowhere', async () => {
      for (const mode of ['auto', 'exact', 'contains', 'fuzzy', 'likelihood'] as const) {
        const about = (q: string) => open().search.search({ scope: YARD, q, mode, limit: 5 });
        expect(await about('VX99KLM')).toEqual(await about('HJ55HJK'));
        expect((await about('VX99KLM')).results).toEqual([]);
      }
    });

    test('counts the same', async () => {
      const query = { scope: IN, q: 'QW12RTY', mode: 'fuzzy' } as const;
      expect(await open().search.facets(query)).toMatchObject({
        events: 3,
        cameras: [{ value: 'yard-in', events: 3 }],
        sites: [{ value: 'yard', events: 3 }],
      });
      const everything = { scope: YARD, mode: 'auto', from: '2026-04-01T00:00:00Z' } as const;
      expect((await open().search.facets(everything)).sites).toEqual([{ value: 'yard', events: 5 }]);
      const days = await open().search.analytics({ ...everything, bucket: 'day' });
      expect(days.map(({ events }) => events)).toEqual([5]);
    });
  });
}

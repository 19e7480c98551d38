import { beforeAll, describe, expect, test } from 'vitest';
import { makeEvent } from '../store/make-event.ts';
import type { SearchFixture } from './search-contract.ts';

const MODES = ['auto', 'exact', 'prefix', 'suffix', 'contains', 'wildcard', 'fuzzy', 'likelihood'] as const;

/** Umlauts: some readers write them, some do not, and so do people. */
export function testUmlauts(open: () => SearchFixture): void {
  describe('plates with umlauts', () => {
    const dotted = makeEvent({ text: 'DÜWXK47', at: Date.UTC(2026, 0, 3) });
    const plain = makeEvent({ text: 'DUWXK47', at: Date.UTC(2026, 0, 2) });
    const two = makeEvent({ text: 'ÄRGÖN47', at: Date.UTC(2026, 0, 1) });
    beforeAll(() => open().write([dotted, plain, two]));

    const find = async (q: string, mode: (typeof MODES)[number]) => {
      const { results } = await open().search.search({ scope: undefined, q, mode, limit: 10 });
      return results.map(({ event }) => event.plate.text_normalized);
    };

    test.each(MODES)('are stored as read, and found with and without dots in mode %s', async (mode) => {
      for (const q of ['DÜWXK47', 'DUWXK47', 'dü-w xk 47']) {
        expect((await find(q, mode)).toSorted(), q).toEqual(['DUWXK47', 'DÜWXK47']);
      }
    });

    test.each([
      ['prefix', 'DUW'],
      ['contains', 'UWXK'],
      ['contains', 'ÜWX'],
      ['wildcard', '?UW*'],
      ['auto', 'DÜW'],
    ] as const)('are found by a part in mode %s of %s', async (mode, q) => {
      expect(await find(q, mode)).toEqual(['DÜWXK47', 'DUWXK47']);
    });

    test('with several umlauts are found by all of them, by one, and by none where texts may be near', async () => {
      for (const q of ['ÄRGÖN47', 'ARGÖN47', 'ARGON47']) expect(await find(q, 'fuzzy')).toEqual(['ÄRGÖN47']);
    });

    test('come in the order of likeness, the very text first', async () => {
      expect(await find('DÜWXK47', 'fuzzy')).toEqual(['DÜWXK47', 'DUWXK47']);
      expect(await find('DUWXK47', 'fuzzy')).toEqual(['DUWXK47', 'DÜWXK47']);
    });
  });
}

import type { SearchIndex } from '../../search/search-index.ts';
import { NOTHING, type Place } from '../place.ts';

/** The search index, whose documents hold whole events. */
export function openSearchIndexPlace(index: SearchIndex): Place {
  return {
    name: 'search_index',
    what: 'documents',
    measure: () => index.measure(),
    find: async ({ ids }) => ({ ...NOTHING, count: await index.count(ids) }),
    erase: async ({ ids }) => ({ ...NOTHING, count: await index.remove(ids) }),
  };
}

import type { PlateEvent } from '../../contract/plate-event.ts';
import type { ReadsWanted, StoredParts } from '../engine.ts';
import type { SearchFilter } from '../search.ts';
import type { Ask, FoundDocument } from './ask.ts';
import { allOf, type Clause, filterClauses, NEWEST_FIRST } from './query.ts';

type Source = Readonly<{
  event_id: string;
  detected_at: string;
  status: PlateEvent['status'];
  text: string;
  confidence: number;
  event?: Readonly<{ plate: PlateEvent['plate'] }>;
}>;

const KEY = ['event_id', 'detected_at', 'status', 'text', 'confidence'];
const WITH_PLATE = [...KEY, 'event.plate'];

/**
 * The reads to compare. Of the very text the confidence says all; of others the plate alone is taken out of the event. Near
 * texts are grouped, the nearest first, so that one that is seen often does not crowd out the others.
 */
export async function findReads(ask: Ask, wanted: ReadsWanted, filter: SearchFilter): Promise<readonly StoredParts[]> {
  const { text, match, until, most } = wanted;
  const others = match.texts.filter((near) => near !== text);
  const where = [...filterClauses(filter), { range: { detected_at: { lte: until } } }];
  const newest = (clauses: readonly Clause[], size: number, _source: readonly string[]) =>
    ask<Source>({ size, track_total_hits: false, _source, query: allOf([...clauses, ...where]), sort: NEWEST_FIRST });
  const [exact, near, candidates] = await Promise.all([
    newest([{ term: { text } }], most.exact, KEY),
    others.length === 0 ? undefined : ask<Source>(describeNear(others, where, most)),
    newest(
      [{ term: { candidates: match.folded } }, { bool: { must_not: { terms: { text: [text, ...others] } } } }],
      most.candidates,
      WITH_PLATE,
    ),
  ]);
  const grouped = near?.hits.flatMap((group) => group.inner_hits?.newest?.hits.hits ?? []) ?? [];
  return [...exact.hits, ...grouped.slice(0, most.near), ...candidates.hits].map(partsOf);
}

function describeNear(others: readonly string[], where: readonly Clause[], most: ReadsWanted['most']): object {
  const nearest = others.map((text, index) => ({
    constant_score: { filter: { term: { text } }, boost: others.length - index },
  }));
  return {
    size: others.length,
    track_total_hits: false,
    _source: false,
    query: { bool: { should: nearest, minimum_should_match: 1, filter: where } },
    sort: [{ _score: 'desc' }, ...NEWEST_FIRST],
    collapse: {
      field: 'text',
      inner_hits: { name: 'newest', size: most.ofText, _source: WITH_PLATE, sort: NEWEST_FIRST },
      max_concurrent_group_searches: 4,
    },
  };
}

function partsOf({ _source }: FoundDocument<Source>): StoredParts {
  const { event_id, detected_at, status, text, confidence, event } = _source;
  const told = event?.plate ?? { text_normalized: text, confidence, chars: [], candidates: [] };
  return { id: event_id, at: detected_at, status, plate: told };
}

import type { Costed, Ranks, TimePlace } from '../engine.ts';
import type { SearchFilter } from '../search.ts';
import type { Ask, EventHit } from './ask.ts';
import { allOf, type Clause, filterClauses, NEWEST_FIRST } from './query.ts';

type Wanted = Readonly<{
  ranks: Ranks;
  filter: SearchFilter;
  limit: number;
  after?: (TimePlace & Readonly<{ cost: number }>) | undefined;
}>;

/**
 * Documents by the cost of their text, then newest first. Each cost becomes a small whole number as the score, higher
 * for lower costs, so that scores compare exactly.
 */
export async function findRanked(ask: Ask, { ranks, filter, limit, after }: Wanted): Promise<readonly Costed[]> {
  const rest = ranks.texts.filter(({ cost }) => after === undefined || cost >= after.cost);
  const byCost = Map.groupBy(rest, ({ cost }) => cost);
  const all = [...new Set([...byCost.keys(), ranks.candidateCost])].filter((cost) => !after || cost >= after.cost);
  // From the highest cost down, so that the score of a cost stays the same when those below it are left out.
  const costs = all.sort((a, b) => b - a);
  const scoreOf = (cost: number) => costs.filter((other) => other > cost).length + 1;
  const tiers: Clause[] = [...byCost].map(([cost, texts]) => ({
    constant_score: { filter: { terms: { text: texts.map(({ text }) => text) } }, boost: scoreOf(cost) },
  }));
  const others = allOf([
    { term: { candidates: ranks.match.folded } },
    { bool: { must_not: { terms: { text: ranks.match.texts } } } },
  ]);
  if (costs.includes(ranks.candidateCost)) {
    tiers.push({ constant_score: { filter: others, boost: scoreOf(ranks.candidateCost) } });
  }
  if (tiers.length === 0) return [];
  const { hits } = await ask<EventHit>({
    size: limit,
    track_total_hits: false,
    query: { bool: { should: tiers, minimum_should_match: 1, filter: filterClauses(filter) } },
    sort: [{ _score: 'desc' }, ...NEWEST_FIRST],
    ...(after && { search_after: [scoreOf(after.cost), Date.parse(after.at), after.id] }),
  });
  return hits.map(({ _source, _score }) => ({
    event: _source.event,
    cost: costs[(_score ?? 0) - 1] ?? 0,
  }));
}

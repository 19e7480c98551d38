import type { Scope } from '../contract/access.ts';
import type { Hit, SearchAnswer } from '../contract/api/search.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import { dropUmlauts, foldPlate, normalizePlate } from '../contract/plate-text.ts';
import { MAX_TEXTS, type NearMatch, type SearchEngine } from './engine.ts';
import { compareTexts, type Difference, explain } from './look-alike.ts';
import { editBudget } from './near-texts.ts';
import { decodePlace, encodePlace } from './place.ts';
import type { SearchQuery } from './search.ts';

/** The cost of another possible reading: more than a look-alike, less than a wrong character. */
const CANDIDATE_COST = 0.9;

/** A text near to the query and how it differs. */
export type RankedText = Readonly<{ text: string; difference: Difference }>;

/** Finds the texts near `text`, the nearest first and at most `MAX_TEXTS`, and the match that selects them. */
export async function findNear(
  engine: SearchEngine,
  { text, scope }: Readonly<{ text: string; scope: Scope }>,
): Promise<Readonly<{ ranked: readonly RankedText[]; match: NearMatch }>> {
  const folded = foldPlate(text);
  const found = await engine.nearTexts({ folded, budget: editBudget(text.length), scope });
  const ranked = found
    .map((near) => ({ text: near, difference: compareTexts(text, near) }))
    .sort((a, b) => a.difference.cost - b.difference.cost || (a.text < b.text ? -1 : 1))
    .slice(0, MAX_TEXTS);
  return { ranked, match: { mode: 'near', texts: ranked.map((one) => one.text), folded } };
}

/**
 * Finds texts within a few edits, where look-alikes count as equal, and events that list the query as another possible
 * reading; the nearest first.
 */
export async function searchFuzzy(engine: SearchEngine, query: SearchQuery, text: string): Promise<SearchAnswer> {
  const place = query.cursor === undefined ? undefined : decodePlace(query.cursor);
  const after = place && { ...place, cost: place.rank };
  const { ranked, match } = await findNear(engine, { text, scope: query.scope });
  const texts = ranked.map((one) => ({ text: one.text, cost: one.difference.cost }));
  const found = await engine.findRanked({ match, texts, candidateCost: CANDIDATE_COST }, query, {
    limit: query.limit + 1,
    after,
  });
  const shown = found.slice(0, query.limit);
  const last = shown.at(-1);
  const differences = new Map(ranked.map((one) => [one.text, one.difference]));
  return {
    results: shown.map(({ event }) => explainHit(event, text, differences)),
    next:
      found.length > shown.length && last
        ? encodePlace({ rank: last.cost, at: last.event.detected_at, id: last.event.event_id })
        : null,
    mode: 'fuzzy',
  };
}

function explainHit(event: PlateEvent, text: string, differences: ReadonlyMap<string, Difference>): Hit {
  const read = normalizePlate(event.plate.text_normalized);
  const difference = differences.get(read);
  if (difference) return { event, ...explain(difference, text.length) };
  return {
    event,
    score: Math.max(0, 1 - CANDIDATE_COST / Math.max(4, text.length)),
    reason: { kind: 'candidate', distance: compareTexts(text, read).edits, detail: explainCandidate(event, text) },
  };
}

/** Why an event with another text was found: the machine read the query before a person corrected it, or held it possible. */
export function explainCandidate({ plate, review }: PlateEvent, wanted: string): string {
  const text = normalizePlate(plate.text_normalized);
  const isWanted = (other: string) => foldPlate(dropUmlauts(other)) === foldPlate(dropUmlauts(wanted));
  const raw = normalizePlate(plate.text_raw);
  if (review?.text && isWanted(raw)) return `read as ${raw}, corrected to ${text}`;
  const other = plate.candidates.map((one) => normalizePlate(one.text)).find(isWanted) ?? wanted;
  return `read as ${text}, ${other} was also possible`;
}

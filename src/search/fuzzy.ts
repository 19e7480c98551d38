import type { PlateEvent } from '../contract/plate-event.ts';
import type { Sql, SqlSession } from '../db/sql.ts';
import { Bindings, decodePlace, filterConditions } from './filter.ts';
import { compareTexts, type Difference, explain, foldText } from './look-alike.ts';
import type { CostedHit } from './pattern.ts';
import type { SearchQuery } from './search.ts';

/** Most different texts that one query is compared with. */
const MAX_TEXTS = 500;
/** A reading that the machine held possible counts as less than a look-alike and more than a wrong character. */
const CANDIDATE_COST = 0.9;

type Ranked = Readonly<{ text: string; difference: Difference }>;
type Row = Readonly<{ event: PlateEvent; text: string | null; cost: number }>;

/**
 * Finds texts a few edits away, look-alikes counting as equal, and events that hold the query as another possible
 * reading; the likeliest first. One more than `limit` where there is more.
 */
export function searchFuzzy(sql: Sql, query: SearchQuery, text: string): Promise<readonly CostedHit[]> {
  return sql.transaction(async (session) => {
    const ranked = await findTexts(session, query, text);
    const byText = new Map(ranked.map((one) => [one.text, one.difference]));
    const rows = await findEvents(session, { query, text, ranked });
    return rows.map(({ event, text: found, cost }) => {
      const difference = found === null ? undefined : byText.get(found);
      return { event, cost, ...(difference ? explain(difference, text.length) : explainCandidate(event, text)) };
    });
  });
}

/** How many edits a query of `length` characters may be away: none up to 3, one up to 5, two above. */
function editBudget(length: number): number {
  return length <= 3 ? 0 : length <= 5 ? 1 : 2;
}

/**
 * The similarity that pg_trgm must at least find for a text within `budget` edits, or 0 when so many edits may leave no
 * trigram alone. A wrong or missing character spoils at most three of the query's trigrams, an added one two; the least
 * over all mixes counts, and the tighter it is the fewer rows the index brings up in vain.
 */
export function trigramThreshold(folded: string, budget: number): number {
  const padded = `  ${folded} `;
  const own = new Set(Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3))).size;
  let least = 1;
  for (let added = 0; added <= budget; added++) {
    for (let missing = 0; missing <= budget - added; missing++) {
      const shared = own - 3 * (budget - added) - 2 * added;
      if (shared <= 0) return 0;
      const theirs = folded.length + 1 + added - missing;
      least = Math.min(least, shared / (own + theirs - shared));
    }
  }
  // Rounded down: pg_trgm computes in single precision.
  return Math.floor(1000 * least) / 1000;
}

async function findTexts(session: SqlSession, query: SearchQuery, text: string): Promise<readonly Ranked[]> {
  const folded = foldText(text);
  const budget = editBudget(text.length);
  const threshold = trigramThreshold(folded, budget);
  const bindings = new Bindings();
  const [wanted, most] = [bindings.bind(folded), bindings.bind(budget)];
  const distance = `levenshtein_less_equal(folded, ${wanted}, ${most})`;
  const conditions = [`${distance} <= ${most}`];
  const filters = filterConditions(query, bindings);
  if (filters.length > 0) conditions.push(`EXISTS (${ofText(filters)})`);
  if (budget === 0) conditions.unshift(`folded = ${wanted}`);
  else if (threshold > 0) conditions.unshift(`folded % ${wanted}`);
  await session.query("SELECT set_config('pg_trgm.similarity_threshold', $1, true)", [String(threshold)]);
  const rows = await session.query<{ text: string }>(
    `SELECT text FROM plate_texts WHERE ${conditions.join(' AND ')} ORDER BY ${distance}, text LIMIT ${MAX_TEXTS}`,
    bindings.values,
  );
  return rows.map((row) => ({ text: row.text, difference: compareTexts(text, row.text) }));
}

/** OFFSET 0 keeps PostgreSQL from joining: the few texts that are near are looked up one by one. */
function ofText(filters: readonly string[]): string {
  return `SELECT FROM plate_events WHERE ${['text_normalized = plate_texts.text', ...filters].join(' AND ')} OFFSET 0`;
}

async function findEvents(
  session: SqlSession,
  { query, text, ranked }: Readonly<{ query: SearchQuery; text: string; ranked: readonly Ranked[] }>,
): Promise<readonly Row[]> {
  const bindings = new Bindings();
  const texts = bindings.bind(ranked.map((one) => one.text));
  const costs = bindings.bind(ranked.map((one) => one.difference.cost));
  const filters = filterConditions(query, bindings);
  const and = filters.map((condition) => ` AND ${condition}`).join('');
  let after = '';
  if (query.cursor !== undefined) {
    const place = decodePlace(query.cursor);
    const [cost, at, id] = [bindings.bind(place.cost), bindings.bind(place.at), bindings.bind(place.id)];
    after = `WHERE cost > ${cost}::float8 OR (cost = ${cost}::float8
      AND (detected_at, event_id) < (${at}::timestamptz, ${id}::uuid))`;
  }
  return session.query<Row>(
    `SELECT event, text, cost FROM (
       SELECT event, near.text, near.cost, detected_at, event_id FROM plate_events
         JOIN unnest(${texts}::text[], ${costs}::float8[]) AS near (text, cost) ON text_normalized = near.text
         WHERE true${and}
       UNION ALL
       SELECT event, NULL, ${CANDIDATE_COST}::float8, detected_at, event_id FROM plate_events
         WHERE candidates @> ARRAY[${bindings.bind(foldText(text))}::text] AND text_normalized <> ALL (${texts}::text[])${and}
     ) AS found ${after}
     ORDER BY cost, detected_at DESC, event_id DESC LIMIT ${bindings.bind(query.limit + 1)}`,
    bindings.values,
  );
}

function explainCandidate(event: PlateEvent, text: string): Pick<CostedHit, 'score' | 'reason'> {
  const candidate = event.plate.candidates.find((one) => foldText(one.text) === foldText(text));
  const detail = `read as ${event.plate.text_normalized}, ${candidate?.text ?? text} was also possible`;
  return {
    score: Math.max(0, 1 - CANDIDATE_COST / Math.max(4, text.length)),
    reason: { kind: 'candidate', distance: compareTexts(text, event.plate.text_normalized).edits, detail },
  };
}

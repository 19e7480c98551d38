import type { PlateEvent } from '../../contract/plate-event.ts';
import type { ReadsWanted, StoredParts } from '../engine.ts';
import { unpackRead } from '../packed-read.ts';
import type { SearchFilter } from '../search.ts';
import type { Ask } from './ask.ts';
import { allOf, type Clause, filterClauses, NEWEST_FIRST } from './query.ts';

/** A document by its columns only: these are read without the documents. */
type Fields = Readonly<{
  sort: readonly [at: number, id: string];
  fields: Readonly<{
    status: readonly [PlateEvent['status']];
    text: readonly [string];
    confidence: readonly [number];
    read?: readonly [string];
  }>;
}>;
type Groups = Readonly<{
  texts: Readonly<{
    buckets: readonly Readonly<{ key: string; newest: Readonly<{ hits: Readonly<{ hits: readonly Fields[] }> }> }>[];
  }>;
}>;

const KEY = ['status', 'text', 'confidence'];
const WITH_READ = [...KEY, 'read'];
/** Texts grouped at once: there are rarely more, and of so many the newest reads are found quickly. */
const GROUPED_AT_ONCE = 64;

/**
 * The reads to compare. For exactly this text the confidence is enough; for others the read is fetched too. Near texts
 * are grouped, nearest first, so that a frequent one does not crowd out the others.
 */
export async function findReads(ask: Ask, wanted: ReadsWanted, filter: SearchFilter): Promise<readonly StoredParts[]> {
  const { text, match, until, most } = wanted;
  const others = match.texts.filter((near) => near !== text);
  const passed = until === undefined ? [] : [{ range: { detected_at: { lte: until } } }];
  const where = [...filterClauses(filter), ...passed];
  const newest = async (clauses: readonly Clause[], fields: object) => {
    const query = allOf([...clauses, ...where]);
    return (await ask<Fields>({ query, track_total_hits: false, ...fields })).hits;
  };
  const [exact, near, candidates] = await Promise.all([
    newest([{ term: { text } }], describeFields(most.exact, KEY)),
    findGrouped(ask, { others, where, most }),
    newest(
      [{ term: { candidates: match.folded } }, { bool: { must_not: { terms: { text: [text, ...others] } } } }],
      describeFields(most.candidates, WITH_READ),
    ),
  ]);
  return [...exact, ...near, ...candidates].map(partsOf);
}

type Grouped = Readonly<{ others: readonly string[]; where: readonly Clause[]; most: ReadsWanted['most'] }>;

async function findGrouped(ask: Ask, { others, where, most }: Grouped): Promise<readonly Fields[]> {
  const found: Fields[] = [];
  for (let at = 0; at < others.length && found.length < most.near; at += GROUPED_AT_ONCE) {
    const texts = others.slice(at, at + GROUPED_AT_ONCE);
    const { aggregations } = await ask<never, Groups>({
      size: 0,
      track_total_hits: false,
      query: allOf([{ terms: { text: texts } }, ...where]),
      aggs: {
        texts: {
          terms: { field: 'text', size: texts.length, execution_hint: 'map' },
          aggs: { newest: { top_hits: describeFields(most.ofText, WITH_READ) } },
        },
      },
    });
    const groups = new Map(aggregations?.texts.buckets.map(({ key, newest }) => [key, newest.hits.hits]));
    found.push(...texts.flatMap((text) => groups.get(text) ?? []));
  }
  return found.slice(0, most.near);
}

function describeFields(size: number, fields: readonly string[]) {
  return { size, sort: NEWEST_FIRST, _source: false, stored_fields: '_none_', docvalue_fields: fields };
}

function partsOf({ sort: [at, id], fields }: Fields): StoredParts {
  const [status, text, confidence] = [fields.status[0], fields.text[0], roundFloat(fields.confidence[0])];
  const packed = fields.read?.[0];
  const read =
    packed === undefined ? { chars: [], candidates: [] } : unpackRead(Buffer.from(packed, 'base64').toString());
  return { id, at: new Date(at).toISOString(), status, plate: { text_normalized: text, confidence, ...read } };
}

/** A float column returns 0.93 as 0.9300000071525574. */
function roundFloat(value: number): number {
  return Number(value.toPrecision(7));
}

import type { Reason, SearchAnswer } from '../contract/api/search.ts';
import { type Likelihood, likelihoodOf, probabilityOf, type Taken } from '../contract/likelihood.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import { isAlike, normalizePlate } from '../contract/plate-text.ts';
import { readOf, type StoredRead } from '../contract/stored-read.ts';
import type { SearchEngine, StoredParts } from './engine.ts';
import { explainCandidate, findNear } from './fuzzy.ts';
import { compareTexts } from './look-alike.ts';
import { decodeLikelyPlace, encodeLikelyPlace, type Place } from './place.ts';
import type { SearchQuery } from './search.ts';

/** How many reads one answer compares, which limits its work whatever is stored. The newest of each kind count. */
const MOST = { exact: 1000, ofText: 25, near: 500, candidates: 250 };

type Likely = Place & Readonly<{ read: StoredRead }>;

/**
 * Finds the events that fuzzy search finds, those first whose read gives the query the highest probability. Compared are the
 * newest reads of the very text, of texts near to it and of those that hold it as a candidate; later pages compare the same
 * ones, whatever comes meanwhile.
 */
export async function searchLikely(engine: SearchEngine, query: SearchQuery, text: string): Promise<SearchAnswer> {
  const after = query.cursor === undefined ? undefined : decodeLikelyPlace(query.cursor);
  const { match } = await findNear(engine, { text, scope: query.scope });
  const wanted = { text, match, until: after?.until, most: MOST };
  const reads = await engine.findReads(wanted, query);
  const ranked = reads.map((read) => rankRead(text, read)).sort(byRank);
  const rest = after ? ranked.filter((one) => byRank(after, one) < 0) : ranked;
  const shown = rest.slice(0, query.limit);
  const last = shown.at(-1);
  const until = after?.until ?? newestOf(reads);
  const events = new Map((await engine.readEvents(shown)).map((event) => [event.event_id, event]));
  return {
    results: shown.flatMap(({ id, rank, read }) => {
      const event = events.get(id);
      return event ? [{ event, score: rank, reason: explainLikelihood(text, event, likelihoodOf(text, read)) }] : [];
    }),
    next: rest.length > shown.length && last ? encodeLikelyPlace(last, until) : null,
    mode: 'likelihood',
  };
}

function rankRead(wanted: string, { at, id, ...parts }: StoredParts): Likely {
  const read = readOf(parts);
  return { rank: probabilityOf(wanted, read), at, id, read };
}

/** The highest probability first, then the newest. Times and ids are compared as texts. */
function byRank(a: Place, b: Place): number {
  if (a.rank !== b.rank) return b.rank - a.rank;
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  return a.id === b.id ? 0 : a.id < b.id ? 1 : -1;
}

function newestOf(reads: readonly StoredParts[]): string {
  return reads.reduce((newest, { at }) => (at > newest ? at : newest), '1970-01-01T00:00:00.000Z');
}

/** `8↔B at 3, p 0.31`: what was read differently, and how probable the read makes that. */
function explainLikelihood(wanted: string, event: PlateEvent, { by, p, taken }: Likelihood): Reason {
  if (by === 'text') return { kind: 'exact', distance: 0, detail: 'the whole text' };
  if (by === 'candidate') {
    const distance = compareTexts(wanted, normalizePlate(event.plate.text_normalized)).edits;
    return { kind: 'candidate', distance, detail: `${explainCandidate(event, wanted)}, p ${round(p)}` };
  }
  return { kind: kindOf(taken), distance: taken.length, detail: taken.map(describeTaken).join('; ') };
}

function kindOf(taken: readonly Taken[]): Reason['kind'] {
  if (taken.every(({ listed }) => listed)) return 'alternative';
  const alike = ({ wanted, read, listed }: Taken) => listed || (wanted !== '' && isAlike(wanted, read));
  return taken.every(alike) ? 'lookalike' : 'edit';
}

function describeTaken({ wanted, read, at, p }: Taken): string {
  if (read === '') return `${wanted} missing at ${at}`;
  if (wanted === '') return `${read} added at ${at}`;
  return `${wanted}↔${read} at ${at}, p ${round(p)}`;
}

function round(p: number): string {
  return String(Number(p.toPrecision(2)));
}

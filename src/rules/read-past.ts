import type { SqlSession } from '../db/sql.ts';
import { findLatest, findPassages, type Passage, type StoredPassage, type TextSpan } from '../store/alerts/history.ts';
import { type Crossing, findCrossings, type SiteSpan } from '../store/alerts/inside.ts';
import type { PastCondition } from './conditions.ts';
import { type Inside, isBefore, type Past } from './past.ts';
import type { RuleBook } from './rule-book.ts';

type Query = Pick<SqlSession, 'query'>;

/** A passage of a batch: its plate now, every plate that its earlier revisions had, and whether a rule asks for its past. */
export type Subject = Readonly<{ passage: Passage; texts: readonly string[]; isPending: boolean }>;

/** What is known around the passages of a batch. */
export type Pasts = Readonly<{
  of: (passage: Passage) => Omit<Past, 'now'>;
  /** Passages that were decided before and have one of the batch in their past, or a visit that one of the batch ends. */
  disturbed: readonly StoredPassage[];
}>;

/** How far rules look, in milliseconds: back, further back for the one passage before, ahead to whoever looks back, along a visit. */
type Reach = Readonly<{ back: number; unseen: number; ahead: number; visit: number }>;

/**
 * Reads what passages are judged by, in one to three statements for however many there are. Who only wants to know what held is
 * not `isLive`: nothing is looked for that is to be decided again.
 */
export async function readPasts(
  sql: Query,
  book: RuleBook,
  subjects: readonly Subject[],
  { isLive }: Readonly<{ isLive: boolean }> = { isLive: true },
): Promise<Pasts> {
  const known = reachOf(book);
  const reach = isLive ? known : { ...known, ahead: 0 };
  const spans = spansOf(subjects, reach);
  const [passages, latest, inside] = await Promise.all([
    findPassages(sql, spans),
    reach.unseen > reach.back ? findLatest(sql, latestSpans(subjects, spans, reach)) : [],
    readInside(sql, book, subjects),
  ]);
  // What stands in both tables under two times would come twice.
  const all = new Map([...latest, ...passages].map((one) => [one.id, one]));
  const byText = Map.groupBy(
    [...all.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1)),
    ({ text }) => text,
  );
  return {
    of: (passage) => ({
      passage,
      others: (byText.get(passage.text) ?? []).filter(({ id }) => id !== passage.id),
      countInside: (condition) => countInside(inside(passage.site, condition), passage, condition.ms),
    }),
    disturbed: findDisturbed(subjects, byText, reach),
  };
}

function reachOf({ pasts }: RuleBook): Reach {
  const most = (...kinds: PastCondition['kind'][]) =>
    pasts.reduce((ms, { past }) => (kinds.includes(past.kind) ? Math.max(ms, past.ms) : ms), 0);
  const [back, unseen] = [most('count', 'after', 'too_soon_after'), most('not_seen_for')];
  return { back, unseen, ahead: Math.max(back, unseen), visit: most('visit') };
}

/** One span for each plate, however often the batch has it. */
function spansOf(subjects: readonly Subject[], { back, ahead, visit }: Reach): readonly TextSpan[] {
  const spans = new Map<string, TextSpan>();
  for (const { passage, texts, isPending } of subjects) {
    const since = passage.at - Math.max(isPending ? back : 0, passage.directions.length > 0 ? visit : 0);
    const until = passage.at + Math.max(ahead, visit);
    for (const text of texts) {
      const known = spans.get(text) ?? { since, until };
      spans.set(text, { text, since: Math.min(since, known.since), until: Math.max(until, known.until) });
    }
  }
  return [...spans.values()];
}

/** The one passage before each span, where a rule asks whether there was any. */
function latestSpans(subjects: readonly Subject[], spans: readonly TextSpan[], { unseen }: Reach): readonly TextSpan[] {
  const pending = new Set(subjects.filter(({ isPending }) => isPending).map(({ passage }) => passage.text));
  return spans
    .filter(({ text }) => pending.has(text))
    .map(({ text, since }) => ({ text, since: since - unseen, until: since }));
}

function findDisturbed(
  subjects: readonly Subject[],
  byText: ReadonlyMap<string, readonly StoredPassage[]>,
  { ahead, visit }: Reach,
): readonly StoredPassage[] {
  const given = new Set(subjects.map(({ passage }) => passage.id));
  const disturbed = new Map<string, StoredPassage>();
  for (const { passage, texts } of subjects) {
    for (const one of texts.flatMap((text) => byText.get(text) ?? [])) {
      if (!one.decided || given.has(one.id)) continue;
      const apart = one.at - passage.at;
      const looksBack = isBefore(passage, one) && apart <= ahead;
      const isVisit = visit > 0 && isBefore(one, passage) && -apart <= visit && one.directions.length > 0;
      if (looksBack || isVisit) disturbed.set(one.id, one);
    }
  }
  return [...disturbed.values()];
}

type ReadInside = (site: string, condition: Inside) => readonly Crossing[];

/** Crossings of the sites of passages whose rules ask how many vehicles are there. */
async function readInside(sql: Query, { pasts }: RuleBook, subjects: readonly Subject[]): Promise<ReadInside> {
  const conditions = new Map(
    pasts.flatMap(({ past }): [string, Inside][] => (past.kind === 'occupancy' ? [[keyOf('', past), past]] : [])),
  );
  const spans = new Map<string, SiteSpan>();
  for (const { passage, isPending } of subjects) {
    for (const condition of isPending ? conditions.values() : []) {
      const key = keyOf(passage.site, condition);
      const known = spans.get(key) ?? { from: passage.at, until: passage.at };
      const [from, until] = [Math.min(known.from, passage.at), Math.max(known.until, passage.at)];
      const { in: wayIn, out } = condition;
      spans.set(key, { site: passage.site, in: wayIn, out, since: from - condition.ms, from, until });
    }
  }
  const found = await findCrossings(sql, [...spans.values()]);
  const byKey = new Map([...spans.keys()].map((key, index) => [key, found[index] ?? []]));
  return (site, condition) => byKey.get(keyOf(site, condition)) ?? [];
}

function keyOf(site: string, { in: wayIn, out, ms }: Inside): string {
  return [site, wayIn, out, ms].join('\n');
}

function countInside(crossings: readonly Crossing[], passage: Passage, forgetMs: number): number {
  const inside = new Map<string, number>();
  for (const { id, at, text, isIn } of crossings) {
    if (at > passage.at || (at === passage.at && id > passage.id)) break;
    if (isIn) inside.set(text, at);
    else inside.delete(text);
  }
  return [...inside.values()].filter((at) => at > passage.at - forgetMs).length;
}

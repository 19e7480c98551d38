import type { Sql } from '../db/sql.ts';
import { findUnended } from '../store/alerts/inside.ts';
import type { PastCondition } from './conditions.ts';
import { type Decision, decideAgain } from './decide.ts';
import { Lookup } from './lookup.ts';
import type { AskedPast, RuleBook } from './rule-book.ts';

/** How long after it is due an overstay is still found, however long nobody looked. */
const LOOK_BACK_MS = 86_400_000;

type Given = Readonly<{ sql: Sql; book: RuleBook; now: number; lookup?: Lookup }>;

/**
 * Decides the passages into a site that nothing ended for as long as a rule allows, and of which the rule has no alert yet. What
 * a passage matches holds then, as if it were decided now.
 */
export async function findOverstays({ sql, book, now, lookup = new Lookup(sql) }: Given): Promise<readonly Decision[]> {
  const unended = new Map<string, Readonly<{ id: string; at: number }>>();
  for (const { visit, rules } of visitsOf(book.pasts)) {
    const until = now - visit.ms;
    const span = { in: visit.in, out: visit.out, span: visit.ms, since: until - LOOK_BACK_MS, until };
    for (const one of await findUnended(sql, { ...span, rules })) unended.set(one.id, one);
  }
  return decideAgain({ sql, book, lookup, now }, [...unended.values()]);
}

type Visit = Extract<PastCondition, Readonly<{ kind: 'visit' }>>;

/** Each kind of visit once, with the ids of the rules that ask for it. */
function visitsOf(pasts: readonly AskedPast[]): readonly Readonly<{ visit: Visit; rules: readonly string[] }>[] {
  const visits = pasts.flatMap(({ rule, past }) => (past.kind === 'visit' ? [{ rule, visit: past }] : []));
  return [...Map.groupBy(visits, ({ visit }) => JSON.stringify(visit)).values()].flatMap((same) =>
    same[0] ? [{ visit: same[0].visit, rules: same.map(({ rule }) => rule) }] : [],
  );
}

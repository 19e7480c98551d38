import type { PlateEvent } from '../../contract/plate-event.ts';
import type { Sql } from '../../db/sql.ts';
import { Lookup } from './lookup.ts';
import type { Match } from './match.ts';
import type { RuleBook } from './rule-book.ts';

/**
 * What the rules say of an event: everything that it matches wholly. An alert of it by a rule that is not among these is to be
 * withdrawn.
 */
export type Decision = Readonly<{ event: PlateEvent; matches: readonly Match[] }>;

type Given = Readonly<{
  sql: Sql;
  book: RuleBook;
  events: readonly PlateEvent[];
  /** Kept between batches, it keeps the entries with wildcards. */
  lookup?: Lookup;
}>;

/**
 * Decides a batch of events. Of an event only its newest revision is decided, and none of which a newer one is known. Others
 * than those given may be decided again, when what is given changes their past.
 */
export async function decide({ sql, book, events, lookup = new Lookup(sql) }: Given): Promise<readonly Decision[]> {
  const entries = await lookup.find(book, events);
  return events.map((event) => ({
    event,
    matches: book.match(event, entries).filter(({ pending }) => pending === undefined),
  }));
}

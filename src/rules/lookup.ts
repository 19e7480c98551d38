import type { Sql } from '../db/sql.ts';
import { findEntries, readListNames, readWildcardEntries } from '../store/alerts/lists-lookup.ts';
import { readSettingsRevision } from '../store/alerts/settings.ts';
import { type Entries, joinEntries, NO_ENTRIES, WildcardEntries } from './entries.ts';
import type { Judged } from './movements.ts';
import type { RuleBook } from './rule-book.ts';

/** Looks entries up, a batch of events at a time; those with wildcards, and the lists' names, are kept until a list changes. */
export class Lookup {
  readonly #sql: Sql;
  #wildcards: Entries = NO_ENTRIES;
  #revision: string | undefined;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** What the lists have of everything that these events may be. */
  async find(book: RuleBook, events: readonly Judged[]): Promise<Entries> {
    if (!book.asksLists) return NO_ENTRIES;
    const texts = [...new Set(events.flatMap((event) => book.textsOf(event)))];
    const [exact, revision] = await Promise.all([findEntries(this.#sql, texts), readSettingsRevision(this.#sql)]);
    if (revision !== this.#revision) {
      const [entries, names] = await Promise.all([readWildcardEntries(this.#sql), readListNames(this.#sql)]);
      this.#wildcards = new WildcardEntries(entries, names);
      this.#revision = revision;
    }
    return joinEntries(exact, this.#wildcards);
  }
}

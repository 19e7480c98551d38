import type { Sql } from '../db/sql.ts';
import { findEntries, readWildcardEntries } from '../store/alerts/lists-lookup.ts';
import { readSettingsRevision } from '../store/alerts/settings.ts';
import { type Entries, joinEntries, NO_ENTRIES, WildcardEntries } from './entries.ts';
import type { Judged } from './movements.ts';
import type { RuleBook } from './rule-book.ts';

/** Looks entries up, a batch of events at a time; those with wildcards are kept until a list changes. */
export class Lookup {
  readonly #sql: Sql;
  #wildcards: Entries = NO_ENTRIES;
  #revision: string | undefined;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** What the lists have of everything that these events may be. */
  async find(book: RuleBook, events: readonly Judged[]): Promise<Entries> {
    const texts = [...new Set(events.flatMap((event) => book.textsOf(event)))];
    if (texts.length === 0) return NO_ENTRIES;
    const [exact, revision] = await Promise.all([findEntries(this.#sql, texts), readSettingsRevision(this.#sql)]);
    if (revision !== this.#revision) {
      this.#wildcards = new WildcardEntries(await readWildcardEntries(this.#sql));
      this.#revision = revision;
    }
    return joinEntries(exact, this.#wildcards);
  }
}

import type { StoredEntry } from '../store/alerts/lists-lookup.ts';
import { Parts } from './parts.ts';
import { isScheduled } from './schedule.ts';
import { fitWildcard, longestRun } from './wildcard.ts';
import type { Zones } from './zones.ts';

/** An entry of a list of plates. */
export type ListEntry = StoredEntry;

/** Entries of all lists by the text of a plate, in force or not. */
export interface Entries {
  of(text: string): readonly ListEntry[];
  /** What people call a list. */
  nameOf(list: string): string;
}

/** Entries with `?` or `*`, which are few. */
export class WildcardEntries implements Entries {
  readonly #byRun = new Parts<ListEntry>('anywhere');
  readonly #names: ReadonlyMap<string, string>;

  /** `names` are those of all lists, by their ids. */
  constructor(entries: readonly ListEntry[], names: ReadonlyMap<string, string> = new Map()) {
    this.#names = names;
    for (const entry of entries) this.#byRun.add(longestRun(entry.pattern), entry);
  }

  of(text: string): readonly ListEntry[] {
    const found: ListEntry[] = [];
    this.#byRun.find(text, (entry) => {
      if (fitWildcard(entry.pattern, text)) found.push(entry);
    });
    return found;
  }

  nameOf(list: string): string {
    return this.#names.get(list) ?? list;
  }
}

/** Entries that were looked up for some texts, with those that have wildcards. Exact ones come first. */
export function joinEntries(exact: readonly ListEntry[], wildcards: Entries): Entries {
  const byText = Map.groupBy(exact, ({ pattern }) => pattern);
  return {
    of: (text) => [...(byText.get(text) ?? []), ...wildcards.of(text)],
    nameOf: (list) => wildcards.nameOf(list),
  };
}

/** Where no rule asks for lists. */
export const NO_ENTRIES: Entries = { of: () => [], nameOf: (list) => list };

/** Whether an entry is valid at a moment, in milliseconds, and its schedule holds. */
export function isInForce({ validFrom, validUntil, schedule }: ListEntry, ms: number, zones: Zones): boolean {
  if (validFrom !== undefined && ms < validFrom) return false;
  if (validUntil !== undefined && ms >= validUntil) return false;
  return schedule === undefined || isScheduled(schedule, ms, zones);
}

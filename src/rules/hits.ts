import type { ListEntry } from './entries.ts';

/** A rule, given by its number, whose plate an event has, and what of the rule or of a list it has. */
export type Hit = Readonly<{
  rule: number;
  /** The place of what was wanted among what the rule wants. */
  order: number;
  wanted: string | null;
  entry: ListEntry | undefined;
  /** The probability of the text that was wanted; undefined where it is that of what was read. */
  p: number | undefined;
}>;

/** One hit for each rule: the likeliest, and of equals what the rule names first. */
export class Hits {
  readonly #byRule = new Map<number, Hit>();

  add(hit: Hit): void {
    const known = this.#byRule.get(hit.rule);
    if (known === undefined || isBetter(hit, known)) this.#byRule.set(hit.rule, hit);
  }

  /** In the order of the rules. */
  list(): readonly Hit[] {
    const hits = [...this.#byRule.values()];
    return hits.length < 2 ? hits : hits.sort((a, b) => a.rule - b.rule);
  }
}

function isBetter(a: Hit, b: Hit): boolean {
  const [p, known] = [a.p ?? 1, b.p ?? 1];
  return p === known ? a.order < b.order : p > known;
}

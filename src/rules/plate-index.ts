import { foldPlate } from '../contract/plate-text.ts';
import type { PlateMatch } from '../contract/rule.ts';
import { Parts } from './parts.ts';
import { Regexes } from './regexes.ts';
import { fitWildcard, longestRun } from './wildcard.ts';

/** A text or pattern of a rule: the rule's number, the place among its texts, and the text. */
export type Wanted = Readonly<{ rule: number; order: number; text: string }>;

/** Finds the rules that are about a text, however many rules there are. */
export class PlateIndex {
  readonly #exact = new Map<string, Wanted[]>();
  readonly #alike = new Map<string, Wanted[]>();
  readonly #prefixes = new Parts<Wanted>('begin');
  readonly #suffixes = new Parts<Wanted>('end');
  readonly #contained = new Parts<Wanted>('anywhere');
  readonly #wildcards = new Parts<Wanted>('anywhere');
  readonly #regexes = new Regexes();
  readonly #regexTexts = new Map<number, Wanted>();

  /** Takes what a rule, given by its number, says of a text; throws RULE_INVALID. */
  add(rule: number, id: string, match: PlateMatch): void {
    const each = (texts: readonly string[] | undefined, take: (wanted: Wanted) => void) => {
      for (const [order, text] of (texts ?? []).entries()) take({ rule, order, text });
    };
    each(match.exact, (wanted) => push(this.#exact, wanted.text, wanted));
    each(match.look_alike, (wanted) => push(this.#alike, foldPlate(wanted.text), wanted));
    each(match.prefix, (wanted) => this.#prefixes.add(wanted.text, wanted));
    each(match.suffix, (wanted) => this.#suffixes.add(wanted.text, wanted));
    each(match.contains, (wanted) => this.#contained.add(wanted.text, wanted));
    each(match.wildcard, (wanted) => this.#wildcards.add(longestRun(wanted.text), wanted));
    if (match.regex === undefined) return;
    this.#regexes.add(rule, id, match.regex);
    this.#regexTexts.set(rule, { rule, order: 0, text: match.regex });
  }

  /** Tells of each text and pattern that fits. */
  find(text: string, tell: (wanted: Wanted) => void): void {
    this.#exact.get(text)?.forEach(tell);
    if (this.#alike.size > 0) this.#alike.get(foldPlate(text))?.forEach(tell);
    this.#prefixes.find(text, tell);
    this.#suffixes.find(text, tell);
    this.#contained.find(text, tell);
    this.#wildcards.find(text, (wanted) => {
      if (fitWildcard(wanted.text, text)) tell(wanted);
    });
    for (const rule of this.#regexes.find(text)) {
      const wanted = this.#regexTexts.get(rule);
      if (wanted) tell(wanted);
    }
  }
}

function push<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

import { RE2JSException, RE2Set } from 're2js';
import { AlprError, messageOf } from '../base/errors.ts';

/** Most texts whose outcome is remembered: a plate comes in several revisions, and comes again. */
const MOST_REMEMBERED = 10_000;

/** All regular expressions of the rules as one automaton, whose time is linear in the length of a text. */
export class Regexes {
  readonly #set = new RE2Set(RE2Set.ANCHOR_BOTH);
  readonly #rules: number[] = [];
  readonly #remembered = new Map<string, readonly number[]>();

  /** Takes the expression of a rule, which is given by its number; throws RULE_INVALID naming the rule. */
  add(rule: number, id: string, source: string): void {
    try {
      // A set compiles at its first match; by itself an expression tells at once what is wrong with it.
      new RE2Set(RE2Set.ANCHOR_BOTH).add(source);
      this.#set.add(source);
    } catch (error) {
      if (!(error instanceof RE2JSException)) throw error;
      const expected = 'a regular expression in the syntax of RE2, which has no look-around and no back-references';
      throw new AlprError(
        'RULE_INVALID',
        `Expected match.regex of rule ${id} to be ${expected}, got: ${messageOf(error)}`,
      );
    }
    this.#rules.push(rule);
  }

  /** Numbers of the rules whose expression is of this whole text. */
  find(text: string): readonly number[] {
    if (this.#rules.length === 0) return [];
    const known = this.#remembered.get(text);
    if (known) return known;
    const found = this.#set.match(text).map((at) => this.#rules[at] ?? Number.NaN);
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(text, found);
    return found;
  }
}

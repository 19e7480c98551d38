import type { Alert } from '../contract/alert.ts';
import type { Rule } from '../contract/rule.ts';
import type { Open } from './conditions.ts';

/** How and what a rule matched. */
export type Matched = NonNullable<Alert['matched']>;

export type MatchKind = Matched['by'];

/** A rule that an event matches, as far as the event alone can tell. */
export type Match = Readonly<{
  rule: Rule;
  matched: Matched;
  /** One sentence for people; without its full stop as long as something is pending. */
  why: string;
  /** What the past must still answer; undefined where the match is whole. */
  pending: Open | undefined;
  /**
   * False for an early read that is not as probable as the rule asks: it raises nothing yet, and is no reason to withdraw what
   * an earlier revision raised.
   */
  raises: boolean;
}>;

import type { RuleMatch } from '../../src/alerts/make-alert.ts';
import type { RuleBook } from '../../src/alerts/take-events.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { type Rule, type RuleInput, ruleSchema } from '../../src/contract/rule.ts';

/** Rules with their defaults. */
export function parseRules(rules: readonly RuleInput[]): readonly Rule[] {
  return rules.map((rule) => ruleSchema.parse(rule));
}

/** Rules of plain texts, each held against each event: for what becomes of a match, not for how it is found. */
export function createPlainBook(inputs: readonly RuleInput[]): RuleBook {
  const rules = parseRules(inputs);
  return {
    rules: new Map(rules.map((rule) => [rule.id, rule])),
    findOverstays: async () => [],
    decide: async (events) =>
      events.map((event) => ({ event, matches: rules.flatMap((rule) => matchPlainly(rule, event)) })),
  };
}

function matchPlainly(rule: Rule, { plate, status }: PlateEvent): readonly RuleMatch[] {
  const { text_normalized: text, confidence: p } = plate;
  const { exact = [], prefix = [], every_passage: all } = rule.match ?? {};
  const wanted = exact.find((one) => one === text) ?? prefix.find((one) => text.startsWith(one));
  if (wanted === undefined && !all) return [];
  const early = rule.act_at === 'final' ? 2 : rule.act_at.provisional;
  const by = all ? 'every_passage' : exact.includes(text) ? 'exact' : 'prefix';
  const matched = { by, wanted: wanted ?? null, p, entry: null } as const;
  return [{ rule, matched, why: `${text} matches.`, raises: status !== 'provisional' || p >= early }];
}

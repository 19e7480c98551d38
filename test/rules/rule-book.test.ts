import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RuleInput, ruleSchema } from '../../src/contract/rule.ts';
import { joinEntries, NO_ENTRIES, WildcardEntries } from '../../src/rules/entries.ts';
import { compileRules } from '../../src/rules/rule-book.ts';
import { makeEvent } from '../store/make-event.ts';
import { THOROUGH } from '../thorough.ts';
import { matchesNaively } from './naive-match.ts';
import { randomEntries, randomEvents, randomRules } from './random-rule.ts';

const RUNS = THOROUGH ? 125 : 20;
/** Of event and rule in each run. */
const PAIRS = 800;

test('the index finds the rules that a look at each of them finds', () => {
  let [pairs, matches] = [0, 0];
  fc.assert(
    fc.property(randomRules, randomEvents, randomEntries, (rules, events, entries) => {
      const book = compileRules(rules);
      const texts = new Set(events.flatMap((event) => book.textsOf(event)));
      // Only entries that were looked up are there, as in the service.
      const exact = entries.filter(({ pattern }) => texts.has(pattern));
      const found = joinEntries(exact, new WildcardEntries(entries.filter(({ pattern }) => /[?*]/.test(pattern))));
      for (const event of events) {
        const expected = rules.filter((rule) => matchesNaively(rule, event, entries)).map(({ id }) => id);
        expect(book.match(event, found).map(({ rule }) => rule.id)).toEqual(expected);
        pairs += rules.length;
        matches += expected.length;
      }
    }),
    // About one pair in eighteen matches. So few draws may fall below the bound by chance, so they are the same each time.
    THOROUGH ? { numRuns: RUNS } : { numRuns: RUNS, seed: 1 },
  );
  expect(pairs).toBe(RUNS * PAIRS);
  expect(matches).toBeGreaterThan(pairs / 20);
}, 300_000);

function makeRule(rule: Omit<RuleInput, 'id' | 'name'>) {
  return ruleSchema.parse({ id: 'night', name: 'Night', ...rule });
}

test('an expression that RE2 refuses is refused with the rule and what was expected', () => {
  const rule = makeRule({ match: { regex: '(?=A)B' } });
  expect(() => compileRules([rule])).toThrow(
    /match\.regex of rule night to be a regular expression in the syntax of RE2/,
  );
});

test('an early read raises an alert only if it is as probable as the rule asks', () => {
  const book = compileRules([makeRule({ match: { exact: 'AB12CDE' }, act_at: { provisional: 0.8 } })]);
  const raises = (status: 'provisional' | 'final', confidence: number) =>
    book.match(makeEvent({ status, confidence }), NO_ENTRIES).map((match) => match.raises);
  expect(raises('provisional', 0.79)).toEqual([false]);
  expect(raises('provisional', 0.8)).toEqual([true]);
  expect(raises('final', 0.1)).toEqual([true]);
});

test('a match is as probable as those characters that it is about', () => {
  const event = makeEvent({ text: 'AB12', confidence: 0.5 });
  const chars = [...'AB12'].map((c) => ({
    c,
    p: c === 'A' ? 0.6 : 0.999,
    alt: c === 'A' ? [{ c: '4', p: 0.39 }] : [],
  }));
  const read = { ...event, plate: { ...event.plate, chars } };
  const probabilityOf = (match: RuleInput['match']) =>
    compileRules([makeRule({ match })]).match(read, NO_ENTRIES)[0]?.matched.p ?? Number.NaN;
  expect(probabilityOf({ exact: 'AB12' })).toBe(0.5);
  // Nearly all doubt is about the first character.
  expect(probabilityOf({ suffix: 'B12' })).toBeGreaterThan(0.9);
  expect(probabilityOf({ prefix: 'A' })).toBeLessThan(0.56);
  expect(probabilityOf({ not_on: 'staff' })).toBe(1);
  expect(probabilityOf({ every_passage: true })).toBe(1);
});

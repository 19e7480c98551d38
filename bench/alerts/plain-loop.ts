import { probabilityOf } from '../../src/contract/likelihood.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { foldPlate } from '../../src/contract/plate-text.ts';
import type { Rule } from '../../src/contract/rule.ts';
import { readOf, type StoredRead } from '../../src/contract/stored-read.ts';
import { ask, compileCondition } from '../../src/rules/conditions.ts';
import { type Entries, isInForce } from '../../src/rules/entries.ts';
import { fitWildcard } from '../../src/rules/wildcard.ts';
import { Zones } from '../../src/rules/zones.ts';

/** Matching without an index: one rule after the other, conditions first, as they are cheap. */
export function compilePlainly(rules: readonly Rule[]): (event: PlateEvent, entries: Entries) => number {
  const zones = new Zones();
  const tests = rules.map(({ when = {}, ...rule }) => ({
    rule,
    test: compileCondition(when, zones),
    regex: new RegExp(`^(?:${rule.match?.regex})$`, 'u'),
  }));
  return (event, entries) => {
    const [at, read] = [Date.parse(event.detected_at), readOf(event)];
    const of = (text: string) => entries.of(text).filter((entry) => isInForce(entry, at, zones));
    return tests.filter(
      ({ rule, test, regex }) => ask(test, event, at) !== false && hasPlate(rule.match ?? {}, { read, of, regex }),
    ).length;
  };
}

type Asked = Readonly<{ read: StoredRead; of: (text: string) => ReturnType<Entries['of']>; regex: RegExp }>;

function hasPlate(match: NonNullable<Rule['match']>, { read, of, regex }: Asked): boolean {
  const { text } = read;
  const isOn = (lists: readonly string[] | undefined) => of(text).some(({ list }) => lists?.includes(list));
  if (match.exact) return match.exact.includes(text);
  if (match.prefix) return match.prefix.some((part) => text.startsWith(part));
  if (match.suffix) return match.suffix.some((part) => text.endsWith(part));
  if (match.contains) return match.contains.some((part) => text.includes(part));
  if (match.wildcard) return match.wildcard.some((pattern) => fitWildcard(pattern, text) !== undefined);
  if (match.regex) return regex.test(text);
  if (match.list) return isOn(match.list);
  if (match.not_on) return !isOn(match.not_on);
  if (match.tag) return of(text).some(({ tags }) => tags.some((tag) => match.tag?.includes(tag)));
  if (match.look_alike) return match.look_alike.some((wanted) => foldPlate(wanted) === foldPlate(text));
  const { of: wanted, list, at_least: least = 1 } = match.likelihood ?? {};
  if (wanted) return wanted.some((one) => probabilityOf(one, read) >= least);
  return list === undefined || [...read.whole].some(([one, p]) => p >= least && of(one).length > 0);
}

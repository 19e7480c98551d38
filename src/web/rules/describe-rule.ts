import type { Condition, PlateMatch, Rule, SystemMatch } from '../../contract/rule.ts';
import { describeSchedule } from '../parts/schedule-field.tsx';
import type { Words } from '../words.ts';
import { describeSpan } from './spans.ts';

/** What a rule matches, in one sentence. */
export function describeRule({ match, system, when }: Rule, words: Words): string {
  const { t, locale } = words;
  const { all } = listsIn(locale);
  const parts = system ? describeSystem(system, words) : describeMatch(match ?? {}, words);
  const conditions = when ? describeCondition(when, words) : [];
  const sentence = [...parts, ...(conditions.length === 0 ? [] : [all(conditions)])].join(t.rules.comma);
  return `${sentence.charAt(0).toLocaleUpperCase(locale)}${sentence.slice(1)}.`;
}

function listsIn(locale: string) {
  const and = new Intl.ListFormat(locale, { type: 'conjunction' });
  const or = new Intl.ListFormat(locale, { type: 'disjunction' });
  return { all: (some: readonly string[]) => and.format(some), any: (some: readonly string[]) => or.format(some) };
}

const WORDED = [
  'exact',
  'prefix',
  'suffix',
  'contains',
  'wildcard',
  'regex',
  'list',
  'tag',
  'not_on',
  'look_alike',
] as const;

function describeMatch(match: PlateMatch, { t, locale, percent }: Words): readonly string[] {
  const { any } = listsIn(locale);
  const texts = t.rules.matches;
  if (match.every_passage) return [texts.every_passage];
  const { likelihood } = match;
  if (likelihood) {
    const wanted = likelihood.of ? any(likelihood.of) : texts.list(any(likelihood.list ?? []));
    return [texts.likelihood(wanted, percent(likelihood.at_least))];
  }
  return WORDED.flatMap((name) => {
    const some = match[name];
    return some === undefined ? [] : [texts[name](any([some].flat()))];
  });
}

function describeSystem(system: SystemMatch, { t, locale, percent }: Words): readonly string[] {
  const texts = t.rules.systems;
  const { camera_down: down, read_rate_below: rate, disk_free_below: disk, nothing_delivered_for: idle } = system;
  const { alarm } = system;
  if (down) {
    const where = down.camera ? [t.rules.conditions.camera(listsIn(locale).any(down.camera))] : [];
    return [texts.camera_down(describeSpan(down.for, locale)), ...where];
  }
  if (rate) return [texts.read_rate_below(percent(rate.share_of_usual))];
  if (disk) return [texts.disk_free_below(percent(disk.share))];
  if (alarm)
    return [texts.alarm, ...[alarm.severity, alarm.name].flatMap((some) => (some ? [listsIn(locale).any(some)] : []))];
  return idle ? [texts.nothing_delivered_for(describeSpan(idle.span, locale))] : [];
}

const PLACES = ['camera', 'site', 'direction', 'line', 'zone', 'vehicle', 'region'] as const;

function describeCondition(condition: Condition, words: Words): string[] {
  const { t, locale, number, percent } = words;
  const { all, any } = listsIn(locale);
  const texts = t.rules.conditions;
  const span = (text: string) => describeSpan(text, locale);
  const placesOf = (given: Condition) =>
    PLACES.flatMap((name) => {
      const some = given[name];
      return some ? [texts[name](any(some))] : [];
    });
  const { confidence, schedule, stationary, not_seen_for: unseen, count, after, too_soon_after: soon } = condition;
  const { camera, site, direction } = after ?? {};
  const { visit, occupancy, all: every, any: some, not } = condition;
  const one = (given: Condition) => all(describeCondition(given, words));
  const told = [
    confidence?.at_least !== undefined && texts.sure(percent(confidence.at_least)),
    confidence?.below !== undefined && texts.unsure(percent(confidence.below)),
    schedule && texts.schedule(describeSchedule(schedule, t)),
    stationary && texts.stationary(span(stationary.at_least)),
    unseen && texts.not_seen_for(span(unseen)),
    count && texts.count(number(count.at_least), span(count.within)),
    after && texts.after(all(placesOf({ camera, site, direction })), span(after.within)),
    soon && texts.too_soon_after(any(soon.site), span(soon.sooner_than)),
    visit && texts.visit(span(visit.longer_than)),
    occupancy && texts.occupancy(number(occupancy.above)),
    every && all(every.map(one)),
    some && `(${any(some.map(one))})`,
    not && texts.not(one(not)),
  ];
  return [...placesOf(condition), ...told.filter((text) => typeof text === 'string')];
}

import { probabilityOf } from '../../src/contract/likelihood.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { foldPlate } from '../../src/contract/plate-text.ts';
import { type Condition, type Rule, type Schedule, spanMs } from '../../src/contract/rule.ts';
import { readOf } from '../../src/contract/stored-read.ts';
import type { ListEntry } from '../../src/rules/entries.ts';

/** What the schema says a rule matches, one rule and one event at a time. The past is not asked: `when` must not. */
export function matchesNaively(rule: Rule, event: PlateEvent, entries: readonly ListEntry[]): boolean {
  if (!rule.enabled || event.status === 'retracted') return false;
  if (event.status === 'provisional' && rule.act_at === 'final') return false;
  return hasPlate(rule, event, entries) && (rule.when === undefined || holds(rule.when, event));
}

function hasPlate({ match }: Rule, event: PlateEvent, entries: readonly ListEntry[]): boolean {
  if (match?.every_passage) return true;
  const text = event.plate.text_normalized;
  if (text === '') return false;
  const valid = entries.filter((entry) => isValid(entry, event.detected_at));
  const isOn = (lists: readonly string[]) => valid.some((one) => lists.includes(one.list) && fits(one.pattern, text));
  if (match?.exact) return match.exact.includes(text);
  if (match?.prefix) return match.prefix.some((part) => text.startsWith(part));
  if (match?.suffix) return match.suffix.some((part) => text.endsWith(part));
  if (match?.contains) return match.contains.some((part) => text.includes(part));
  if (match?.wildcard) return match.wildcard.some((pattern) => fits(pattern, text));
  // What the test generates means the same to RE2 and to JavaScript.
  if (match?.regex) return new RegExp(`^(?:${match.regex})$`, 'u').test(text);
  if (match?.list) return isOn(match.list);
  if (match?.not_on) return !isOn(match.not_on);
  if (match?.tag)
    return valid.some((one) => one.tags.some((tag) => match.tag?.includes(tag)) && fits(one.pattern, text));
  if (match?.look_alike) return match.look_alike.some((wanted) => foldPlate(wanted) === foldPlate(text));
  if (match?.likelihood) return mayBe(match.likelihood, event, valid);
  throw new Error('Expected a way to match');
}

/** Patterns of entries in these tests have few texts that fit, so each of these is asked for. */
function mayBe(
  { of, list, at_least }: NonNullable<NonNullable<Rule['match']>['likelihood']>,
  event: PlateEvent,
  valid: readonly ListEntry[],
): boolean {
  const read = readOf(event);
  const isLikely = (text: string) => probabilityOf(text, read) >= at_least;
  if (of) return of.some(isLikely);
  const patterns = valid.filter((entry) => list?.includes(entry.list)).map(({ pattern }) => pattern);
  return patterns.some((pattern) => textsThatFit(pattern).some(isLikely));
}

/** All texts of up to four characters of a small alphabet, which all plates of these tests are. */
export const SIGNS = ['A', 'B', '8', '0', 'O'];
const TEXTS = spell(4);

function spell(length: number): string[] {
  if (length === 0) return [''];
  const shorter = spell(length - 1);
  return [...new Set([...shorter, ...shorter.flatMap((text) => SIGNS.map((sign) => text + sign))])];
}

const fitting = new Map<string, string[]>();

function textsThatFit(pattern: string): readonly string[] {
  const texts = fitting.get(pattern) ?? TEXTS.filter((text) => fits(pattern, text));
  fitting.set(pattern, texts);
  return texts;
}

const known = new Map<string, RegExp>();

function fits(pattern: string, text: string): boolean {
  const expression = known.get(pattern) ?? new RegExp(`^${pattern.replaceAll('?', '.').replaceAll('*', '.*')}$`, 'u');
  known.set(pattern, expression);
  return expression.test(text);
}

function isValid({ validFrom, validUntil, schedule }: ListEntry, detectedAt: string): boolean {
  const at = Date.parse(detectedAt);
  return (
    at >= (validFrom ?? Number.NEGATIVE_INFINITY) &&
    at < (validUntil ?? Number.POSITIVE_INFINITY) &&
    (schedule === undefined || isWithin(schedule, detectedAt))
  );
}

function holds(when: Condition, event: PlateEvent): boolean {
  const { motion, plate } = event;
  const crossings = motion.crossings ?? [];
  const zones = motion.zones ?? [];
  const standing = when.stationary?.zone
    ? zones.find(({ zone }) => zone === when.stationary?.zone)?.dwell_ms
    : motion.dwell_ms;
  const answers: boolean[] = [
    when.camera?.includes(event.camera_id) ?? true,
    when.site?.includes(event.site_id) ?? true,
    (!when.direction && !when.line) ||
      crossings.some(
        ({ line, direction }) =>
          (!when.line || when.line.includes(line)) && (!when.direction || when.direction.includes(direction)),
      ),
    !when.zone || zones.some(({ zone }) => when.zone?.includes(zone)),
    !when.vehicle || (event.vehicle.type !== null && when.vehicle.includes(event.vehicle.type)),
    !when.region || (plate.region !== null && when.region.includes(plate.region)),
    plate.confidence >= (when.confidence?.at_least ?? 0),
    when.confidence?.below === undefined || plate.confidence < when.confidence.below,
    !when.schedule || isWithin(when.schedule, event.detected_at),
    !when.stationary || (motion.stationary && (standing ?? 0) >= spanMs(when.stationary.at_least)),
    when.all?.every((one) => holds(one, event)) ?? true,
    when.any?.some((one) => holds(one, event)) ?? true,
    when.not === undefined || !holds(when.not, event),
  ];
  return answers.every(Boolean);
}

/** All schedules of these tests are of a zone that is always five and a half hours ahead. */
export const ZONE = 'Asia/Kolkata';

function isWithin(schedule: Schedule, detectedAt: string): boolean {
  const local = new Date(Date.parse(detectedAt) + 5.5 * 3_600_000);
  const [date, clock] = local.toISOString().split('T') as [string, string];
  const now = clock.slice(0, 5);
  const { from = '00:00', to = '24:00' } = schedule;
  if (from < to) return now >= from && now < to && isDay(schedule, date);
  const yesterday = new Date(local.getTime() - 86_400_000).toISOString().slice(0, 10);
  return now >= from ? isDay(schedule, date) : now < to && isDay(schedule, yesterday);
}

function isDay({ days, holidays }: Schedule, date: string): boolean {
  const isHoliday = holidays?.dates.includes(date) ?? false;
  if (holidays?.count_as === 'only' && !isHoliday) return false;
  if (holidays?.count_as === 'never' && isHoliday) return false;
  const own = new Date(date).toLocaleDateString('en-US', { weekday: 'short', timeZone: 'UTC' }).toLowerCase();
  const day = isHoliday && (holidays?.count_as === 'sat' || holidays?.count_as === 'sun') ? holidays.count_as : own;
  return days === undefined || days.some((one) => one === day);
}

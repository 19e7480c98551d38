import type { Messages, Noun } from './languages/messages.ts';

/** How a person reads: the texts, the variety of the language for `Intl`, and the time zone. */
export type Reading = Readonly<{ t: Messages; locale: string; zone: string }>;

/** The texts of the page, and everything that becomes text, in one language and time zone. */
export type Words = ReturnType<typeof createWords>;

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const ISO_TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)/g;
/** Above this a probability is not told closer. */
const NEARLY_ONE = 0.999;
const AGES = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
] as const;

/** Makes the words of one language; the formats of `Intl` are slow to make, so each is made once. */
export function createWords({ t, locale, zone }: Reading) {
  const formats = new Map<number, Intl.NumberFormat>();
  const plural = new Intl.PluralRules(locale);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const countries = new Intl.DisplayNames(locale, { type: 'region' });
  const dated = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  const clock = dated(CLOCK);
  const shortClock = dated({ hour: '2-digit', minute: '2-digit' });
  const dayOfYear = dated({ day: 'numeric', month: 'short' });
  const day = dated({ dateStyle: 'medium' });
  const date = { year: 'numeric', month: 'short', day: 'numeric' } as const;
  const moment = dated({ ...date, ...CLOCK, fractionalSecondDigits: 3, timeZoneName: 'short' });
  const minute = dated({ dateStyle: 'medium', timeStyle: 'short' });

  /** A number with the separators of the language and so many digits behind the point. */
  const number = (value: number, digits = 0): string => {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: 'negative' } as const;
    const format = formats.get(digits) ?? new Intl.NumberFormat(locale, options);
    formats.set(digits, format);
    return format.format(value);
  };
  const percents = [0, 1].map(
    (digits) => new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: digits }),
  );
  const percent = (p: number): string => {
    const [whole, fine] = percents;
    if (p > 0 && p < 0.005) return `<${whole?.format(0.01)}`;
    if (p > 0.99 && p < 1) return `${fine?.format(Math.floor(p * 1000) / 1000)}`;
    return `${whole?.format(Math.min(1, Math.round(p * 100) / 100))}`;
  };
  const nearlyOne = percents[1]?.format(NEARLY_ONE) ?? '';
  const nounFor = (count: number, [one, other]: Noun): string => (plural.select(count) === 'one' ? one : other);
  const countOf = (count: number, noun: Noun): string => `${number(count)} ${nounFor(count, noun)}`;

  return {
    t,
    locale,
    zone,
    number,
    /** A count with its noun: "1 read", "3 reads". */
    countOf,
    /** The noun alone, as that many have it. */
    nounFor,
    /** A share as a percentage: 0.9996 is "99.9%", only 1 is "100%", and 0.001 "<1%". */
    percent,
    /** How likely a read is to be right, which is never certain, whatever was rounded on its way: at most ">99.9%". */
    likelihood: (p: number): string => (p > NEARLY_ONE ? `>${nearlyOne}` : percent(p)),
    /** The same in a sentence: at most "over 99.9%". */
    likelihoodInWords: (p: number): string => (p > NEARLY_ONE ? t.frame.over(nearlyOne) : percent(p)),
    /** How long ago a moment was, in the shortest form: "now", "12 s", "5 min", "3 h", "2 d". Both in milliseconds. */
    ago(then: number, now: number): string {
      const seconds = Math.max(0, Math.round((now - then) / 1000));
      if (seconds < 2) return t.frame.now;
      if (seconds < 60) return `${seconds} s`;
      if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
      if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
      return `${Math.floor(seconds / 86_400)} ${t.frame.dayUnit}`;
    },
    /** How far a moment is from now, in a sentence: "3 days ago", "in 2 hours". Both in milliseconds. */
    away(then: number, now: number): string {
      const seconds = Math.round((then - now) / 1000);
      const [size, unit] = AGES.find(([least]) => Math.abs(seconds) >= least) ?? [1, 'second'];
      return relative.format(Math.trunc(seconds / size), unit);
    },
    /** A duration in milliseconds with a fitting unit: "8.4 ms", "230 ms", "2.1 s", "3 min 20 s". */
    duration(ms: number): string {
      if (ms < 10) return `${number(ms, 1)} ms`;
      if (ms < 1000) return `${number(ms)} ms`;
      if (ms < 59_950) return `${number(ms / 1000, 1)} s`;
      const seconds = Math.round(ms / 1000);
      if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
      const minutes = Math.round(seconds / 60);
      return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
    },
    /** Time of day with seconds, and the date when it is not today. */
    time(iso: string, now = Date.now()): string {
      const date = new Date(iso);
      const time = clock.format(date);
      return day.format(date) === day.format(now) ? time : `${dayOfYear.format(date)}, ${time}`;
    },
    /** Hour and minute of a time in milliseconds. */
    clock: (at: number): string => shortClock.format(at),
    /** The date alone. */
    day: (iso: string): string => day.format(new Date(iso)),
    /** Date and time to the minute. */
    minute: (iso: string): string => minute.format(new Date(iso)),
    /** A sentence of the server, with its times on the clock of the reader. */
    localTimes: (text: string): string => text.replaceAll(ISO_TIME, (iso) => minute.format(new Date(iso))),
    /** Date and time with milliseconds and the zone's name. */
    moment: (iso: string): string => moment.format(new Date(iso)),
    /** A country of ISO 3166 by its name. */
    country: (code: string): string => countries.of(code) ?? code,
    /** The direction in the picture; 0° is right and 90° is down. */
    direction(degrees: number | null): string {
      if (degrees === null) return t.frame.unknown;
      const turn = ((degrees % 360) + 360) % 360;
      const side = t.read.directions[Math.round(turn / 45) % 8] ?? '';
      return `${t.read.toSide(side)}, ${number(turn)}°`;
    },
  };
}

/** The word for a machine's identifier from a table of the language, or the identifier spelt out: `too_small` is "too small". */
export function wordFor(table: Readonly<Record<string, string>>, identifier: string): string {
  return nameIn(table, identifier) ?? spellOut(identifier);
}

/** The word for an identifier, undefined where the table has none. */
export function nameIn<Word>(table: Readonly<Record<string, Word>>, identifier: string): Word | undefined {
  return Object.hasOwn(table, identifier) ? table[identifier] : undefined;
}

/** A machine's identifier for people: `too_small` is "too small". */
export function spellOut(identifier: string): string {
  return identifier.replaceAll(/[_-]+/g, ' ');
}

/** Three grades of confidence, which choose the page's colours. */
export function gradeConfidence(p: number): 'high' | 'medium' | 'low' {
  if (p >= 0.9) return 'high';
  return p >= 0.7 ? 'medium' : 'low';
}

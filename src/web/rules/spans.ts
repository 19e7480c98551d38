import { nameIn } from '../words.ts';

/** Units of spans by their letters in rules. */
export const SPAN_UNITS = { s: 'second', m: 'minute', h: 'hour', d: 'day' } as const;

function formatUnit(unit: string, locale: string): Intl.NumberFormat {
  const name = nameIn<string>(SPAN_UNITS, unit) ?? 'day';
  return new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' });
}

/** The word for several of a unit: "minutes". */
export function nameUnit(unit: string, locale: string): string {
  const part = formatUnit(unit, locale).formatToParts(2);
  return part.find(({ type }) => type === 'unit')?.value ?? unit;
}

/** A span in words: `15m` is "15 minutes". */
export function describeSpan(span: string, locale: string): string {
  const count = Number.parseInt(span, 10);
  return Number.isNaN(count) ? span : formatUnit(span.slice(-1), locale).format(count);
}

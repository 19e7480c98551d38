import type { ReportValue } from '../../contract/report.ts';
import { formatBytes } from '../bytes.ts';
import type { Words } from '../words.ts';

/** A value of a report as text. Days are days of the calendar, whatever the zone. */
export function formatValue(value: string | number, kind: ReportValue, words: Words): string {
  if (typeof value === 'string') {
    if (kind === 'day') {
      return new Intl.DateTimeFormat(words.locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
        new Date(value),
      );
    }
    return kind === 'hour' || kind === 'moment' ? words.minute(value) : value;
  }
  if (kind === 'share') return words.percent(value);
  if (kind === 'bytes') return formatBytes(value, words);
  if (kind === 'minutes') return formatMinutes(value, words);
  if (kind === 'seconds') return words.duration(value * 1000);
  return words.number(value, Number.isInteger(value) ? 0 : 1);
}

/** Few minutes have a digit more, without which the axis of a short stay says "0 min" at every step. */
function formatMinutes(value: number, { number }: Words): string {
  if (value >= 120) return `${number(value / 60, 1)} h`;
  return `${number(value, value < 10 && !Number.isInteger(value) ? 1 : 0)} min`;
}

import type { ReportAnswer } from '../../contract/api/reports.ts';
import type { ReportName } from '../../contract/report.ts';
import { request } from '../data/request.ts';

const DAY_MS = 86_400_000;

/** Days and a place: `camera:ID`, `site:ID`, or everywhere where it is empty. */
export type Period = Readonly<{ from: string; to: string; place: string }>;

/** The last so many days until today, on the calendar of a zone. */
export function lastDays(days: number, zone: string, now = Date.now()): Pick<Period, 'from' | 'to'> {
  // The calendar of Sweden is written as ISO 8601 is.
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(now);
  return { from: new Date(Date.parse(today) - (days - 1) * DAY_MS).toISOString().slice(0, 10), to: today };
}

/** Every day of a period. */
export function listDays({ from, to }: Pick<Period, 'from' | 'to'>): readonly string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) =>
    new Date(Date.parse(from) + index * DAY_MS).toISOString().slice(0, 10),
  );
}

/** `GET /reports/{question}`. */
export function fetchReport(
  name: ReportName,
  { from, to, place }: Period,
  zone: string,
  signal?: AbortSignal,
): Promise<ReportAnswer> {
  const [, kind, id] = /^(camera|site):(.*)$/s.exec(place) ?? [];
  const query = new URLSearchParams({ from, to, time_zone: zone, ...(kind && { [kind]: id }) });
  return request(`/reports/${name}?${query}`, { signal });
}

/** One day of a calendar: ISO date, and how often the plate was seen. */
export type CalendarDay = Readonly<{ day: string; reads: number; level: 0 | 1 | 2 | 3 | 4 }>;

/** Weeks of a calendar, each from Monday to Sunday; days after the last one are left out. */
export type CalendarWeeks = readonly (readonly CalendarDay[])[];

type Seen = Readonly<{ day: string; reads: number }>;

const DAY_MS = 86_400_000;

/** The weeks up to and with the one of `last`; levels of colour run from one read to the most of any day. */
export function layOutWeeks(days: readonly Seen[], last: string, weeks: number): CalendarWeeks {
  const counts = new Map(days.map(({ day, reads }) => [day, reads]));
  const most = Math.max(1, ...counts.values());
  const end = Date.parse(last);
  const monday = end - ((new Date(end).getUTCDay() + 6) % 7) * DAY_MS;
  return Array.from({ length: weeks }, (_, week) => {
    const start = monday - (weeks - 1 - week) * 7 * DAY_MS;
    const length = Math.min(7, (end - start) / DAY_MS + 1);
    return Array.from({ length }, (_, index): CalendarDay => {
      const day = toDay(start + index * DAY_MS);
      const reads = counts.get(day) ?? 0;
      return { day, reads, level: gradeReads(reads, most) };
    });
  });
}

/** The day `by` days away from another. */
export function shiftDay(day: string, by: number): string {
  return toDay(Date.parse(day) + by * DAY_MS);
}

/** Today in a time zone. */
export function findToday(zone: string, now = Date.now()): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(now);
}

function toDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Logarithmic: the second read of a day tells more than the fortieth. */
function gradeReads(reads: number, most: number): CalendarDay['level'] {
  if (reads === 0) return 0;
  const share = Math.log(reads) / Math.log(Math.max(2, most));
  return Math.min(4, 1 + Math.floor(share * 4)) as CalendarDay['level'];
}

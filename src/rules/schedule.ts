import type { Schedule } from '../contract/rule.ts';
import type { Zones } from './zones.ts';

const DAY_MS = 86_400_000;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Whether a schedule holds at a moment, in milliseconds. */
export function isScheduled(schedule: Schedule, ms: number, zones: Zones): boolean {
  const { day, minute } = zones.show(ms, schedule.time_zone);
  const [from, to] = [minutesOf(schedule.from ?? '00:00'), minutesOf(schedule.to ?? '24:00')];
  if (from < to) return minute >= from && minute < to && isDay(schedule, day);
  // Over midnight, what is left of the day before comes first.
  return (minute >= from && isDay(schedule, day)) || (minute < to && isDay(schedule, day - 1));
}

function isDay({ days, holidays }: Schedule, day: number): boolean {
  const isHoliday = holidays?.dates.includes(new Date(day * DAY_MS).toISOString().slice(0, 10)) ?? false;
  const counts = holidays?.count_as;
  if (counts === 'only' && !isHoliday) return false;
  if (counts === 'never' && isHoliday) return false;
  // 1970 began on a Thursday.
  const name = isHoliday && (counts === 'sat' || counts === 'sun') ? counts : DAYS[(((day + 4) % 7) + 7) % 7];
  return days === undefined || days.some((one) => one === name);
}

function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}

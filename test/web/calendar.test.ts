import { expect, test } from 'vitest';
import { findToday, layOutWeeks, shiftDay } from '../../src/web/plates/calendar-days.ts';

test('a calendar has whole weeks from Monday, and the last one ends with its last day', () => {
  // 1 July 2026 is a Wednesday.
  const weeks = layOutWeeks([{ day: '2026-06-28', reads: 2 }], '2026-07-01', 2);
  expect(weeks.map((week) => week.map(({ day }) => day.slice(5)))).toEqual([
    ['06-22', '06-23', '06-24', '06-25', '06-26', '06-27', '06-28'],
    ['06-29', '06-30', '07-01'],
  ]);
  expect(weeks.flat().filter(({ reads }) => reads > 0)).toEqual([{ day: '2026-06-28', reads: 2, level: 4 }]);
});

test('a day has a colour as soon as it has one read, and the most of any day has the strongest', () => {
  const days = [1, 3, 10, 100].map((reads, index) => ({ day: `2026-06-0${index + 1}`, reads }));
  const levels = layOutWeeks(days, '2026-06-07', 1).flatMap((week) => week.map(({ level }) => level));
  expect(levels).toEqual([1, 1, 3, 4, 0, 0, 0]);
});

test('a day is that of the time zone, and a shift goes over the end of a leap February', () => {
  const at = Date.parse('2026-07-01T23:30:00Z');
  expect([findToday('UTC', at), findToday('Europe/Berlin', at)]).toEqual(['2026-07-01', '2026-07-02']);
  expect(shiftDay('2028-03-01', -1)).toBe('2028-02-29');
});

import { describe, expect, test } from 'vitest';
import { periodOf, periodsAhead, subtractPeriods } from '../../../src/store/upkeep/periods.ts';

const at = (text: string) => Date.parse(text);
const show = ({ from, to }: { from: number; to: number }) =>
  [from, to].map((one) => new Date(one).toISOString().slice(0, 10)).join(' ');

describe('A period of the calendar', () => {
  test.each([
    ['day', '2026-11-21T23:59:59.999Z', '2026-11-21 2026-11-22'],
    ['day', '1969-12-31T12:00:00.000Z', '1969-12-31 1970-01-01'],
    // 21 November 2026 is a Saturday.
    ['week', '2026-11-21T12:00:00.000Z', '2026-11-16 2026-11-23'],
    ['week', '2026-11-16T00:00:00.000Z', '2026-11-16 2026-11-23'],
    ['week', '1970-01-01T00:00:00.000Z', '1969-12-29 1970-01-05'],
    ['month', '2026-12-31T23:59:59.999Z', '2026-12-01 2027-01-01'],
    ['month', '2028-02-29T00:00:00.000Z', '2028-02-01 2028-03-01'],
  ] as const)('of a %s around %s is %s', (length, moment, expected) => {
    expect(show(periodOf(at(moment), length))).toBe(expected);
  });

  test('is followed by the next without a gap', () => {
    const periods = periodsAhead(at('2026-11-21T12:00:00Z'), 'month', 3);
    expect(periods.map(show)).toEqual([
      '2026-11-01 2026-12-01',
      '2026-12-01 2027-01-01',
      '2027-01-01 2027-02-01',
      '2027-02-01 2027-03-01',
    ]);
  });
});

describe('What is left of a period', () => {
  test.each([
    ['nothing taken', [], ['10–20']],
    ['all of it', [[0, 30]], []],
    ['exactly it', [[10, 20]], []],
    ['its start', [[Number.NEGATIVE_INFINITY, 15]], ['15–20']],
    ['its end', [[15, Number.POSITIVE_INFINITY]], ['10–15']],
    ['its middle', [[12, 14]], ['10–12', '14–20']],
    [
      'neighbours',
      [
        [0, 10],
        [20, 30],
      ],
      ['10–20'],
    ],
    [
      'several pieces',
      [
        [18, 25],
        [5, 11],
        [13, 14],
      ],
      ['11–13', '14–18'],
    ],
  ] as const)('when %s is taken', (_, taken, expected) => {
    const rest = subtractPeriods(
      { from: 10, to: 20 },
      taken.map(([from, to]) => ({ from, to })),
    );
    expect(rest.map(({ from, to }) => `${from}–${to}`)).toEqual(expected);
  });
});

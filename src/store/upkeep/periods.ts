/** A stretch of time in milliseconds since the epoch, from `from` until before `to`. Open ends are infinite. */
export type Period = Readonly<{ from: number; to: number }>;

/** How long a partition is. */
export type PeriodLength = 'day' | 'week' | 'month';

const DAY_MS = 86_400_000;
/** 1970-01-05 was the first Monday. */
const FIRST_MONDAY = 4;

/** The calendar period (UTC; weeks begin on Monday) that holds a moment. */
export function periodOf(at: number, length: PeriodLength): Period {
  const date = new Date(at);
  const day = Math.floor(at / DAY_MS);
  switch (length) {
    case 'day':
      return { from: day * DAY_MS, to: (day + 1) * DAY_MS };
    case 'week': {
      const monday = Math.floor((day - FIRST_MONDAY) / 7) * 7 + FIRST_MONDAY;
      return { from: monday * DAY_MS, to: (monday + 7) * DAY_MS };
    }
    case 'month':
      return {
        from: Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1),
        to: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1),
      };
  }
}

/** The period that contains `at`, and the `ahead` periods after it. */
export function periodsAhead(at: number, length: PeriodLength, ahead: number): readonly Period[] {
  let next = periodOf(at, length);
  const periods = [next];
  while (periods.length <= ahead) {
    next = periodOf(next.to, length);
    periods.push(next);
  }
  return periods;
}

/** The parts of `wanted` that no period of `taken` covers, in order: partitions may not overlap. */
export function subtractPeriods(wanted: Period, taken: readonly Period[]): readonly Period[] {
  let rest: readonly Period[] = [wanted];
  for (const { from, to } of taken) {
    rest = rest.flatMap((part) => {
      if (to <= part.from || from >= part.to) return [part];
      const before = { from: part.from, to: Math.min(from, part.to) };
      const after = { from: Math.max(to, part.from), to: part.to };
      return [before, after].filter((one) => one.from < one.to);
    });
  }
  return rest.toSorted((a, b) => a.from - b.from);
}

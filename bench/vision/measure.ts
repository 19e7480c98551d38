import type { Row } from '../row.ts';

/** Median milliseconds of one call, after warming up, over at least `runs` calls. */
export async function measure(work: () => unknown, runs = 30): Promise<number> {
  for (let i = 0; i < Math.max(3, runs / 5); i += 1) await work();
  const times: number[] = [];
  for (let i = 0; i < runs; i += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

/** A row of milliseconds. */
export function timed(what: string, ms: number): Row {
  return { what, value: ms, unit: 'ms' };
}

/** A row of milliseconds with its ratio to a baseline. */
export function compare(what: string, ms: number, against: string, againstMs: number): Row {
  return { what, value: ms, unit: 'ms', ratio: ms / againstMs, against };
}

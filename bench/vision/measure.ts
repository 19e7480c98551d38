/** One measured figure; `ratio` is this row's time over the baseline's of the same run. */
export type Row = Readonly<{ what: string; ms: number; baseline?: string; ratio?: number }>;

/** Median milliseconds of one call, after warming up, over at least `runs` calls. */
export async function measure(work: () => unknown, runs = 30): Promise<number> {
  for (let i = 0; i < Math.max(3, runs / 5); i += 1) await work();
  const times: number[] = [];
  for (let i = 0; i < runs; i += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}

/** A row with its ratio to a baseline. */
export function compare(what: string, ms: number, baseline: string, baselineMs: number): Row {
  return { what, ms, baseline, ratio: ms / baselineMs };
}

/** Rows as lines of text. */
export function printRows(rows: readonly Row[]): void {
  for (const { what, ms, baseline, ratio } of rows) {
    const against = baseline === undefined ? '' : `   ${ratio?.toFixed(2)} × ${baseline}`;
    process.stdout.write(`${what.padEnd(52)} ${ms.toFixed(3).padStart(9)} ms${against}\n`);
  }
}

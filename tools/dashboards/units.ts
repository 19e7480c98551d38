/**
 * What a value of a panel may be: the name under which Grafana formats it, its name for people, and the bounds within which a
 * measured value makes sense. `reaches`: at least one value of the query must be as large, as one in the wrong unit would not.
 */
type UnitOf = Readonly<{ grafana: string; words: string; least: number; most: number; reaches?: number }>;

const YEAR_MS = 365.25 * 86_400_000;

export const UNITS = {
  count: { grafana: 'short', words: 'a number', least: 0, most: 1e12 },
  perSecond: { grafana: 'cps', words: 'per second', least: 0, most: 1e7 },
  perMinute: { grafana: 'cpm', words: 'per minute', least: 0, most: 1e8 },
  ratio: { grafana: 'percentunit', words: 'a share, 0 to 100 %', least: 0, most: 1 },
  /** Of something usual, which may also be exceeded. */
  ofUsual: { grafana: 'percentunit', words: 'a share of what is usual', least: 0, most: 10 },
  seconds: { grafana: 's', words: 'seconds', least: 0, most: 86_400 },
  offset: { grafana: 's', words: 'seconds, ahead or behind', least: -86_400, most: 86_400 },
  age: { grafana: 'dtdurations', words: 'a span of time', least: 0, most: YEAR_MS / 1000 },
  minutes: { grafana: 'm', words: 'minutes', least: 0, most: 1_000_000 },
  days: { grafana: 'd', words: 'days', least: 0, most: 36_525 },
  time: { grafana: 'dateTimeFromNow', words: 'a time', least: 50 * YEAR_MS, most: 150 * YEAR_MS },
  bytes: { grafana: 'bytes', words: 'bytes', least: 0, most: 1e16, reaches: 1000 },
  bytesPerSecond: { grafana: 'binBps', words: 'bytes per second', least: 0, most: 1e12 },
  pixels: { grafana: 'pixel', words: 'pixels', least: 1, most: 4096 },
  cores: { grafana: 'short', words: 'processor cores', least: 0, most: 1024 },
  works: { grafana: 'short', words: '1 works, 0 does not', least: 0, most: 1 },
  rows: { grafana: 'short', words: 'lines', least: 0, most: 1e12 },
} as const satisfies Record<string, UnitOf>;

export type Unit = keyof typeof UNITS;

export function unitOf(unit: Unit): UnitOf {
  return UNITS[unit];
}

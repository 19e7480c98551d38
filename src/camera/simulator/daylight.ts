/** One day and one night, milliseconds. */
const CYCLE_MS = 240_000;
/** Share of the cycle that each change between day and night takes. */
const DUSK = 0.08;

/** Daylight at media time `now`: 1 by day, 0 by night, in between at dusk and dawn. The cycle begins by day. */
export function daylightAt(night: 'auto' | boolean, now: number): number {
  if (night !== 'auto') return night ? 0 : 1;
  const phase = (now % CYCLE_MS) / CYCLE_MS;
  if (phase < 0.5) return 1;
  if (phase < 0.5 + DUSK) return 1 - (phase - 0.5) / DUSK;
  return phase < 1 - DUSK ? 0 : (phase - (1 - DUSK)) / DUSK;
}

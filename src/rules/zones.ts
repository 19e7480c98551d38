const QUARTER_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
/** Most offsets that are remembered; asking for one costs as much as hundreds of comparisons. */
const MOST = 10_000;

/** A moment as the clocks of a place show it: days since 1970 and minutes of that day. */
export type LocalTime = Readonly<{ day: number; minute: number }>;

/** What clocks show, by time zone; remembers how far each was from UTC in a quarter of an hour. */
export class Zones {
  readonly #formats = new Map<string, Intl.DateTimeFormat>();
  readonly #offsets = new Map<string, number>();
  readonly #own = new Intl.DateTimeFormat().resolvedOptions().timeZone;

  /** The local time of a moment, in milliseconds, in a zone or in that of this machine. */
  show(ms: number, zone: string = this.#own): LocalTime {
    const local = ms + this.#offsetOf(zone, ms);
    const day = Math.floor(local / DAY_MS);
    return { day, minute: Math.floor((local - day * DAY_MS) / 60_000) };
  }

  #offsetOf(zone: string, ms: number): number {
    const quarter = Math.floor(ms / QUARTER_MS);
    const key = `${zone} ${quarter}`;
    const known = this.#offsets.get(key);
    if (known !== undefined) return known;
    const offset = readOffset(this.#formatOf(zone), quarter * QUARTER_MS);
    if (this.#offsets.size >= MOST) this.#offsets.clear();
    this.#offsets.set(key, offset);
    return offset;
  }

  #formatOf(zone: string): Intl.DateTimeFormat {
    const known = this.#formats.get(zone);
    if (known) return known;
    const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
    const format = new Intl.DateTimeFormat('en-US', { ...parts, hourCycle: 'h23', timeZone: zone });
    this.#formats.set(zone, format);
    return format;
  }
}

function readOffset(format: Intl.DateTimeFormat, ms: number): number {
  const of = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = of;
  return Date.UTC(year, month - 1, day, hour, minute) - ms;
}

import type { PlateEvent } from '../../../src/contract/plate-event.ts';
import type { ReportName } from '../../../src/contract/report.ts';

const DAY_MS = 86_400_000;
const [KNOWN_DAYS, STAY_DAYS] = [90, 7];

type Seen = { reads: number; first: string; last: string; days: Set<string>; cameras: Set<string> };
type Stay = Readonly<{ day: string; ms: number | undefined }>;

/** Answers questions of the reports without a database: it is told of each read in the order of time. */
export class HandCount {
  readonly #begins: readonly Readonly<{ day: string; at: number }>[];
  readonly #knownFrom: number;
  readonly #staysUntil: number;
  readonly #reads = new Map<string, number>();
  readonly #classes = new Map<string, number>();
  readonly #cameras = new Map<string, { reads: number; confirmed: number }>();
  readonly #pictures = new Map<string, { reads: number; pictures: number }>();
  readonly #plates = new Map<string, Seen>();
  readonly #known = new Set<string>();
  readonly #moves = new Map<string, { at: number; way: string }[]>();
  readonly #presence = new Map<string, { first: number; last: number; site: string; day: string }>();
  readonly #lined = new Set<string>();
  #total = 0;

  /** Days of the calendar of this time zone, both included. */
  constructor({ from, to, timeZone }: Readonly<{ from: string; to: string; timeZone: string }>) {
    const beginOf = (nth: number) => {
      const day = new Date(Date.parse(from) + nth * DAY_MS).toISOString().slice(0, 10);
      return { day, at: midnightOf(day, timeZone) };
    };
    const count = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
    // A day more, where the last one ends.
    this.#begins = Array.from({ length: count + 1 }, (_, nth) => beginOf(nth));
    this.#knownFrom = beginOf(-KNOWN_DAYS).at;
    this.#staysUntil = beginOf(count + STAY_DAYS).at;
  }

  add({ detected_at, camera_id, site_id, plate, vehicle, motion, images, review }: PlateEvent): void {
    const at = Date.parse(detected_at);
    const text = plate.text_normalized;
    const way = motion.crossings?.at(-1)?.direction;
    const start = this.#begins[0]?.at ?? 0;
    if (at >= this.#knownFrom && at < start) this.#known.add(text);
    if (at >= start && at < this.#staysUntil && way) {
      this.#lined.add(site_id);
      listOf(this.#moves, `${text} ${site_id}`).push({ at, way });
    }
    const day = this.#dayOf(at);
    if (day === undefined) return;
    this.#total += 1;
    count(this.#reads, `${day} ${camera_id}`);
    count(this.#classes, JSON.stringify([plate.region, vehicle.type]));
    const camera = this.#cameras.get(camera_id) ?? { reads: 0, confirmed: 0 };
    const ofDay = this.#pictures.get(day) ?? { reads: 0, pictures: 0 };
    this.#cameras.set(camera_id, {
      reads: camera.reads + 1,
      confirmed: camera.confirmed + (review?.action === 'confirm' ? 1 : 0),
    });
    this.#pictures.set(day, { reads: ofDay.reads + 1, pictures: ofDay.pictures + (images ? 1 : 0) });
    const seen = this.#plates.get(text) ?? {
      ...{ reads: 0, first: detected_at, last: detected_at, days: new Set(), cameras: new Set() },
    };
    this.#plates.set(text, { ...seen, reads: seen.reads + 1, last: detected_at });
    seen.days.add(day);
    seen.cameras.add(camera_id);
    const key = `${text} ${site_id} ${day}`;
    this.#presence.set(key, { first: this.#presence.get(key)?.first ?? at, last: at, site: site_id, day });
  }

  /** Rows as arrays of values in the order of the columns; the rows in any order. */
  answer(): Readonly<Partial<Record<ReportName, readonly (readonly unknown[])[]>>> {
    return {
      'reads-by-day': [...this.#reads].map(([key, reads]) => [...key.split(' '), reads]),
      classes: [...this.#classes].map(([key, reads]) => [...JSON.parse(key), reads, round(reads / this.#total, 4)]),
      corrections: [...this.#cameras].map(([camera, { reads, confirmed }]) => {
        return [camera, reads, confirmed, confirmed, 0, 0, 0, confirmed === 0 ? null : 0];
      }),
      pictures: [...this.#pictures].map(([day, { reads, pictures }]) => [day, reads, pictures]),
      'top-plates': this.#listTop(),
      'new-and-returning': this.#listNew(),
      visits: this.#listVisits(),
    };
  }

  #listTop() {
    const most = [...this.#plates].sort(([a, one], [b, other]) => other.reads - one.reads || (a < b ? -1 : 1));
    return most.slice(0, 50).map(([text, { reads, days, cameras, first, last }]) => {
      return [text, reads, days.size, cameras.size, Date.parse(first), Date.parse(last)];
    });
  }

  #listNew() {
    const [fresh, all] = [new Map<string, number>(), new Map<string, number>()];
    for (const [text, { days }] of this.#plates) {
      for (const day of days) count(all, day);
      const [first = ''] = days;
      if (!this.#known.has(text)) count(fresh, first);
    }
    return [...all].map(([day, plates]) => [day, fresh.get(day) ?? 0, plates - (fresh.get(day) ?? 0)]);
  }

  #listVisits() {
    const byDay = new Map<string, (number | undefined)[]>();
    for (const { day, ms } of this.#listStays()) listOf(byDay, day).push(ms);
    return [...byDay].map(([day, stays]) => {
      const ended = stays.filter((ms) => ms !== undefined).sort((a, b) => a - b);
      const [low = 0, high = 0] = [ended[(ended.length - 1) >> 1], ended[ended.length >> 1]];
      const minutes = (ms: number) => (ended.length === 0 ? null : round(ms / 60_000, 1));
      return [day, stays.length, ended.length, minutes((low + high) / 2), minutes(ended.at(-1) ?? 0)];
    });
  }

  #listStays(): readonly Stay[] {
    const stays: Stay[] = [];
    for (const moves of this.#moves.values()) {
      for (const [nth, { at, way }] of moves.entries()) {
        const [day, next] = [this.#dayOf(at), moves[nth + 1]];
        if (way !== 'in' || day === undefined) continue;
        stays.push({ day, ms: next?.way === 'out' ? next.at - at : undefined });
      }
    }
    for (const { site, day, first, last } of this.#presence.values()) {
      if (!this.#lined.has(site)) stays.push({ day, ms: last > first ? last - first : undefined });
    }
    return stays;
  }

  #dayOf(at: number): string | undefined {
    let [low, high] = [0, this.#begins.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#begins[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low === this.#begins.length ? undefined : this.#begins[low - 1]?.day;
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function listOf<Item>(lists: Map<string, Item[]>, key: string): Item[] {
  const list = lists.get(key) ?? [];
  if (list.length === 0) lists.set(key, list);
  return list;
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

/** When a day begins there, by the time zones of ICU; where clocks change it is not at midnight. */
function midnightOf(day: string, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' });
  const offsetAt = (at: number) => {
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(format.format(at)) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  };
  const utc = Date.parse(day);
  return utc - offsetAt(utc - offsetAt(utc));
}

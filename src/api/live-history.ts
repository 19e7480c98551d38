import { randomInt, randomUUID } from 'node:crypto';
import type { Place } from '../contract/access.ts';

const MAX_BYTES = 16 << 20;

const HIGHEST_NUMBER = 2 ** 47;

/** An event as JSON, and where it was. */
export type PlateNews = Readonly<{ data: string; from: Place }>;

/** A plate as it was told: its place in the stream, and its event. */
export type ToldPlate = PlateNews & Readonly<{ id: string }>;

/**
 * The newest plates that were told, without a gap, so that a viewer who was cut off goes on where it stopped. A place is
 * `<run>.<number>.<milliseconds>`: a run ends where something was not listened to, and with the process. Numbers are random, so
 * that nobody learns from them how many plates there were that he may not see.
 */
export class LiveHistory {
  readonly #maxBytes: number;
  #run = randomUUID();
  #plates: ToldPlate[] = [];
  #bytes = 0;
  /** Numbers of the last plate and of the one before all that are kept. */
  #last = drawNumber();
  #before = this.#last;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** The place after everything that was told. */
  get place(): string {
    return `${this.#run}.${this.#last}.${Date.now()}`;
  }

  /** Takes the next plate and gives it its place. */
  add({ data, from }: PlateNews): ToldPlate {
    this.#last = drawNumber();
    const told = { id: this.place, data, from };
    this.#plates.push(told);
    this.#bytes += data.length;
    let dropped = 0;
    while (this.#bytes > this.#maxBytes && dropped < this.#plates.length) {
      this.#bytes -= this.#plates[dropped]?.data.length ?? 0;
      dropped += 1;
    }
    for (const { id } of this.#plates.splice(0, dropped)) this.#before = numberOf(id);
    return told;
  }

  /** What was told after a place; undefined when that is not known any more. */
  after(place: string): readonly ToldPlate[] | undefined {
    const [run] = place.split('.');
    const number = numberOf(place);
    if (run !== this.#run) return undefined;
    if (number === this.#before) return this.#plates;
    const at = this.#plates.findLastIndex(({ id }) => numberOf(id) === number);
    return at < 0 ? undefined : this.#plates.slice(at + 1);
  }

  /** Ends the run: plates may pass untold from now on. */
  interrupt(): void {
    this.#run = randomUUID();
    this.#plates = [];
    this.#bytes = 0;
    this.#last = drawNumber();
    this.#before = this.#last;
  }
}

function drawNumber(): number {
  return randomInt(1, HIGHEST_NUMBER);
}

function numberOf(place: string): number {
  return Number(place.split('.')[1]);
}

/** When the last plate before a place was told, milliseconds since 1970; undefined for what is no place. */
export function timeOfPlace(place: string): number | undefined {
  const [, time] = /^[0-9a-f-]{36}\.\d{1,15}\.(\d{1,15})$/.exec(place) ?? [];
  return time === undefined ? undefined : Number(time);
}

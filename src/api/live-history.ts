import { randomUUID } from 'node:crypto';

const MAX_BYTES = 16 << 20;

/** A plate as it was told: its place in the stream, and its event as JSON. */
export type ToldPlate = Readonly<{ id: string; data: string }>;

/**
 * The newest plates that were told, without a gap, so that a viewer who was cut off goes on where it stopped. A place is
 * `<run>.<number>.<milliseconds>`: a run ends where something was not listened to, and with the process.
 */
export class LiveHistory {
  readonly #maxBytes: number;
  #run = randomUUID();
  #plates: ToldPlate[] = [];
  #bytes = 0;
  /** Number of the last plate of this run. */
  #last = 0;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** The place after everything that was told. */
  get place(): string {
    return `${this.#run}.${this.#last}.${Date.now()}`;
  }

  /** Takes the next plate and gives it its place. */
  add(data: string): ToldPlate {
    this.#last += 1;
    const told = { id: this.place, data };
    this.#plates.push(told);
    this.#bytes += data.length;
    let dropped = 0;
    while (this.#bytes > this.#maxBytes && dropped < this.#plates.length) {
      this.#bytes -= this.#plates[dropped]?.data.length ?? 0;
      dropped += 1;
    }
    if (dropped > 0) this.#plates.splice(0, dropped);
    return told;
  }

  /** What was told after a place; undefined when that is not known any more. */
  after(place: string): readonly ToldPlate[] | undefined {
    const [run, number] = place.split('.');
    const missed = this.#last - Number(number);
    if (run !== this.#run || !(missed >= 0 && missed <= this.#plates.length)) return undefined;
    return missed === 0 ? [] : this.#plates.slice(-missed);
  }

  /** Ends the run: plates may pass untold from now on. */
  interrupt(): void {
    this.#run = randomUUID();
    this.#plates = [];
    this.#bytes = 0;
    this.#last = 0;
  }
}

/** When the last plate before a place was told, milliseconds since 1970; undefined for what is no place. */
export function timeOfPlace(place: string): number | undefined {
  const [, time] = /^[0-9a-f-]{36}\.\d{1,15}\.(\d{1,15})$/.exec(place) ?? [];
  return time === undefined ? undefined : Number(time);
}

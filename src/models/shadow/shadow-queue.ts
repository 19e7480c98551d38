import { pause } from '../../base/retry.ts';
import type { Quad } from '../../vision/box.ts';
import type { ShadowLook, ShadowLooks, ShadowReader } from '../../vision/fuse/shadow.ts';
import type { Image, RgbImage } from '../../vision/image.ts';
import type { Reader } from '../../vision/read/reader.ts';
import type { CoreBudget } from './core-budget.ts';

/** Crops that may wait, some ten kilobytes each. */
const MOST_WAITING = 500;

/** What became of a look: read, skipped because the budget was short, or failed. */
export type ShadowOutcome = 'read' | 'skipped' | 'failed';

type ShadowParts = Readonly<{
  /** `name@` and the first 12 digits of the weights' sha256. */
  model: string;
  reader: Pick<Reader, 'rectify' | 'read' | 'passageCurve' | 'regions'>;
  budget: CoreBudget;
  /**
   * Computing time of the network so far, milliseconds. A thread of the lowest priority mostly waits on a busy machine, and waiting
   * spends nothing.
   */
  computed: () => number;
  onOutcome: (outcome: ShadowOutcome, looks: number) => void;
  onSpent: (ms: number) => void;
  onError: (error: unknown) => void;
}>;

type Waiting = Readonly<{ look: ShadowLook; plate: RgbImage; order: number }>;

/**
 * Reads looks one at a time as the budget allows. A passage that was begun goes before others, the newest before older ones, and its
 * best look first, so that where the budget is short some passages are read whole instead of all in part.
 */
export class ShadowQueue implements ShadowReader, AsyncDisposable {
  readonly model: string;
  readonly passageCurve: Reader['passageCurve'];
  readonly regions: Reader['regions'];
  readonly #parts: ShadowParts;
  readonly #closing = new AbortController();
  #waiting: Waiting[] = [];
  #taken = 0;
  #working: Promise<void> | undefined;

  constructor(parts: ShadowParts) {
    this.model = parts.model;
    this.passageCurve = parts.reader.passageCurve;
    this.regions = parts.reader.regions;
    this.#parts = parts;
  }

  take(look: ShadowLook, { image, corners }: Readonly<{ image: Image; corners: Quad }>): void {
    if (this.#closing.signal.aborted) {
      look.of?.giveUp();
      return;
    }
    const started = performance.now();
    const plate = this.#parts.reader.rectify(image, corners);
    this.#spend(performance.now() - started);
    this.#taken += 1;
    this.#waiting.push({ look, plate, order: this.#taken });
    if (this.#waiting.length > MOST_WAITING) this.#makeRoom();
    this.#working ??= this.#work();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#working;
    for (const { look } of this.#waiting) look.of?.giveUp();
    this.#waiting = [];
  }

  async #work(): Promise<void> {
    const { budget } = this.#parts;
    const { signal } = this.#closing;
    // Not within the frame that brought it.
    await pause(0, signal);
    for (let next = this.#choose(); next && !signal.aborted; next = this.#choose()) {
      const { waitMs } = budget;
      if (waitMs > 0) await pause(waitMs, signal);
      else await this.#read(next);
    }
    this.#working = undefined;
  }

  async #read(waiting: Waiting): Promise<void> {
    const { reader, computed, onOutcome, onError } = this.#parts;
    const { look, plate } = waiting;
    this.#waiting = this.#waiting.filter((one) => one !== waiting);
    const before = computed();
    try {
      const { width, height } = plate;
      const corners: Quad = [
        { x: 0, y: 0 },
        { x: width, y: 0 },
        { x: width, y: height },
        { x: 0, y: height },
      ];
      const [reading] = await reader.read([{ image: plate, corners, plate }]);
      look.reading = reading;
      onOutcome('read', 1);
    } catch (error) {
      look.of?.giveUp();
      onOutcome('failed', 1);
      if (!this.#closing.signal.aborted) onError(error);
    }
    this.#spend(computed() - before);
  }

  #spend(ms: number): void {
    this.#parts.budget.spend(ms);
    this.#parts.onSpent(ms);
  }

  /** The next look that somebody still waits for. */
  #choose(): Waiting | undefined {
    this.#dropUnwanted();
    const counts = new Map<ShadowLooks | undefined, number>();
    for (const { look } of this.#waiting) if (!counts.has(look.of)) counts.set(look.of, look.of?.readCount ?? 0);
    return this.#waiting.reduce<Waiting | undefined>(
      (best, one) => (best && !this.#goesFirst(one, best, counts) ? best : one),
      undefined,
    );
  }

  #goesFirst(one: Waiting, best: Waiting, counts: ReadonlyMap<ShadowLooks | undefined, number>): boolean {
    if (one.look.of === best.look.of) return one.look.quality > best.look.quality;
    const more = (counts.get(one.look.of) ?? 0) - (counts.get(best.look.of) ?? 0);
    return more === 0 ? one.order > best.order : more > 0;
  }

  #dropUnwanted(): void {
    const wanted = this.#waiting.filter(({ look }) => look.of);
    if (wanted.length < this.#waiting.length) this.#parts.onOutcome('skipped', this.#waiting.length - wanted.length);
    this.#waiting = wanted;
  }

  /** Gives up the passage that has waited longest. */
  #makeRoom(): void {
    this.#dropUnwanted();
    if (this.#waiting.length <= MOST_WAITING) return;
    this.#waiting[0]?.look.of?.giveUp();
    this.#dropUnwanted();
  }
}

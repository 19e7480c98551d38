import type { Costume } from './painter.ts';
import type { Passage } from './traffic.ts';

type Actor = Readonly<{ passage: Passage; costume: Promise<Costume> }>;

type CastParts = Readonly<{
  plan: Iterator<Passage>;
  dress: (passage: Passage) => Promise<Costume>;
  /** Called once for each passage, when its plate has left the picture. */
  onLeft: (passage: Passage) => void;
}>;

/** How long before they appear vehicles are drawn, milliseconds. */
const PREPARE_MS = 1500;

/** The vehicles on the road at a given time; they are drawn shortly before they appear. */
export class Cast {
  readonly #parts: CastParts;
  readonly #left = new Set<Passage>();
  #next: Passage | undefined;
  #actors: Actor[] = [];

  constructor(parts: CastParts) {
    this.#parts = parts;
    this.#next = parts.plan.next().value;
  }

  /** The vehicles in view at media time `now`; undefined two seconds after the last one has left. */
  async onStage(now: number): Promise<readonly Costume[] | undefined> {
    while (this.#next && this.#next.startsAt <= now + PREPARE_MS) {
      const passage = this.#next;
      const costume = this.#parts.dress(passage);
      costume.catch(() => undefined);
      this.#actors.push({ passage, costume });
      this.#next = this.#parts.plan.next().value;
    }
    for (const { passage } of this.#actors) {
      if (passage.leavesAt > now || this.#left.has(passage)) continue;
      this.#left.add(passage);
      this.#parts.onLeft(passage);
    }
    this.#actors = this.#actors.filter(({ passage }) => passage.endsAt > now - 2000 || !this.#left.delete(passage));
    if (this.#actors.length === 0 && !this.#next) return undefined;
    const visible = this.#actors.filter(({ passage }) => passage.startsAt <= now && now < passage.endsAt);
    return await Promise.all(visible.map(({ costume }) => costume));
  }
}

import type { Box } from '../box.ts';
import type { Detection, DetectionClass } from '../detection.ts';

/** The vehicle of a passage. */
export type SightedVehicle = Readonly<{
  class: Exclude<DetectionClass, 'plate'>;
  /** Mean detector score (0–1) of the looks that saw this class, times the share of the score that speaks for it. */
  score: number;
  /** Where it was in the picture of the best look; left out when it was not found there. */
  box?: Box;
}>;

type Vote = { sum: number; count: number };

/** What the looks of one passage said of the vehicle around its plate: each speaks with its detector score. */
export class VehicleVotes {
  readonly #votes = new Map<SightedVehicle['class'], Vote>();

  add({ class: name, score }: Detection): void {
    if (name !== 'plate') this.#count(name, { sum: score, count: 1 });
  }

  copy(): VehicleVotes {
    const twin = new VehicleVotes();
    twin.absorb(this);
    return twin;
  }

  /** Takes over the votes of another passage of the same vehicle. */
  absorb(other: VehicleVotes): void {
    for (const [name, vote] of other.#votes) this.#count(name, vote);
  }

  /** The class with the most score behind it, or undefined when no vehicle was found. */
  decide(): Omit<SightedVehicle, 'box'> | undefined {
    const ranked = [...this.#votes].sort(([a, p], [b, q]) => q.sum - p.sum || (a < b ? -1 : 1));
    const [best] = ranked;
    if (!best) return undefined;
    const [name, { sum, count }] = best;
    const all = ranked.reduce((total, [, vote]) => total + vote.sum, 0);
    return { class: name, score: (sum / count) * (sum / all) };
  }

  #count(name: SightedVehicle['class'], { sum, count }: Vote): void {
    const vote = this.#votes.get(name) ?? { sum: 0, count: 0 };
    this.#votes.set(name, { sum: vote.sum + sum, count: vote.count + count });
  }
}

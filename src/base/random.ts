import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';

/** A reproducible source of randomness. */
export type Random = Readonly<{
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number, 0 ≤ x < `limit`. */
  below(limit: number): number;
  between(low: number, high: number): number;
  pick<T>(items: ArrayLike<T>): T;
}>;

/**
 * The same numbers for the same seed on every machine. A Mersenne Twister, whose first numbers for seeds side by side are unlike
 * each other.
 */
export function createRandom(seed: number): Random {
  const generator = mersenne(seed);
  const next = () => uniformFloat64(generator);
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    between: (low, high) => low + (high - low) * next(),
    pick: (items) => {
      const picked = items[below(items.length)];
      if (picked === undefined) throw new RangeError('Expected something to pick from, got nothing');
      return picked;
    },
  };
}

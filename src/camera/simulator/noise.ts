import { createRandom } from '../../base/random.ts';

const LENGTH = 1 << 16;

/** Adds sensor noise to a Y plane in place, with another pattern for each `sequence`. */
export type Noise = (luma: Uint8Array, sequence: number, daylight: number) => void;

/** Noise of about ±2 steps by day and ±5 by night. */
export function createNoise(): Noise {
  const quiet = makeTable(1.3);
  const loud = makeTable(3);
  return (luma, sequence, daylight) => {
    const table = daylight > 0.5 ? quiet : loud;
    let from = (Math.imul(sequence + 1, 2654435761) >>> 8) & (LENGTH - 1);
    for (let at = 0; at < luma.length; ) {
      const run = Math.min(LENGTH - from, luma.length - at);
      for (let i = 0; i < run; i++, at++) luma[at] = (luma[at] ?? 0) + (table[from + i] ?? 0);
      from = (from * 5 + 12_345) & (LENGTH - 1);
    }
  };
}

/** Roughly normal numbers (a sum of three), cut so that limited-range luma stays within a byte. */
function makeTable(deviation: number): Int8Array {
  const random = createRandom(7);
  const one = () => Math.round((random.next() + random.next() + random.next() - 1.5) * 2 * deviation);
  return Int8Array.from({ length: LENGTH }, () => Math.max(-14, Math.min(14, one())));
}

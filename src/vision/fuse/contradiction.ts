import { foldLookalikes, measureEditDistance } from './align.ts';

/** What is said of one plate, and how surely (0–1). */
export type Witness = Readonly<{ text: string; confidence: number }>;

/** Shortest text that may be a part of another: of two characters everything is a part. */
const LEAST_PART = 3;

/**
 * Characters in which two texts contradict each other. None where one is a part of the other, for then a plate was seen in part,
 * and none where a single character is missing: that is how readers err.
 */
export function countContradictions(a: string, b: string): number {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const [part, whole] = [foldLookalikes(short), foldLookalikes(long)];
  if (part.length >= LEAST_PART && whole.includes(part)) return 0;
  const distance = measureEditDistance(part, whole);
  return distance === 1 && part.length !== whole.length ? 0 : distance;
}

/**
 * Confidence that both texts must have to be of two vehicles, by the number of contradictions: 1, 2, 3 and more. On a broken track
 * and on one that goes on smoothly, where a look at something else is the likelier cause. `node tools/calibrate/splitting.ts`
 * measures what these values let through.
 */
const CERTAIN = { broken: [0.99, 0.97, 0.9], smooth: [Infinity, Infinity, 0.97] } as const;

/** Contradictions from which two sure texts cannot be looks at one plate. */
export const CLEAR = CERTAIN.broken.length;

/** Whether two texts in one place are of two vehicles. `isBroken` says that something lies between them: time, a jump, a frame without a plate. */
export function areTwoVehicles(a: Witness, b: Witness, isBroken: boolean): boolean {
  const count = countContradictions(a.text, b.text);
  if (count === 0) return false;
  const limits = isBroken ? CERTAIN.broken : CERTAIN.smooth;
  return Math.min(a.confidence, b.confidence) >= (limits[Math.min(count, CLEAR) - 1] ?? Infinity);
}

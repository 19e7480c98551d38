/**
 * McNemar's exact test of two readers on the same plates: the chance (0–1) that, were both equally good, the plates that only one of
 * them reads right would be shared out at least as unevenly as they are. The binomial test of both tails with p = 1/2; 1 without any
 * such plate.
 */
export function testPaired(onlyFirst: number, onlySecond: number): number {
  const n = onlyFirst + onlySecond;
  const least = Math.min(onlyFirst, onlySecond);
  // From the largest term down, each from the one before: no factorial gets large.
  let log = -n * Math.LN2;
  let tail = Math.exp(log);
  for (let k = 1; k <= least; k += 1) {
    log += Math.log((n - k + 1) / k);
    tail += Math.exp(log);
  }
  return Math.min(1, 2 * tail);
}

import { expect, test } from 'vitest';
import { testPaired } from '../../src/contract/mcnemar.ts';

/**
 * The first four: one-tailed values of the sign test's table D in Siegel, Nonparametric Statistics (1956), doubled: .011, .019, .021,
 * .022 to the three decimals of the table. The others: `sum(comb(n, i) for i in range(k + 1)) / 2**(n - 1)` in whole numbers of
 * Python, which R's `binom.test(k, n)$p.value` and SciPy's `binomtest(k, n).pvalue` compute in floating point.
 */
test.each([
  [1, 9, 0.022, 2],
  [2, 10, 0.038, 2],
  [5, 15, 0.042, 2],
  [7, 18, 0.044, 2],
  [86, 150, 3.715936139571442e-5, 12],
  [0, 6, 0.03125, 12],
  [400, 600, 2.7284641560660184e-10, 15],
  [3000, 3000, 1, 12],
])('%i against %i', (b, c, p, digits) => {
  expect(testPaired(b, c)).toBeCloseTo(p, digits);
  expect(testPaired(c, b)).toBeCloseTo(p, digits);
});

test('nothing that tells the two apart is no evidence', () => {
  expect(testPaired(0, 0)).toBe(1);
});

import { describe, expect, test } from 'vitest';
import {
  binByMass,
  binByWidth,
  measureEce,
  type Statement,
  scoreConfidence,
  traceRisk,
} from '../../src/eval/score-confidence.ts';

/** Twenty statements; the expected values below come from numpy (floor(10 p), array_split) on the same numbers. */
const SAID = [
  0.99, 0.97, 0.95, 0.9, 0.88, 0.8, 0.75, 0.7, 0.6, 0.55, 0.5, 0.4, 0.3, 0.2, 0.1, 0.93, 0.85, 0.65, 0.35, 0.05,
];
const RIGHT = [1, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0];
const STATEMENTS: Statement[] = SAID.map((confidence, at) => ({ confidence, right: RIGHT[at] === 1 }));

describe('Calibration figures', () => {
  test('agree with numpy on twenty statements', () => {
    expect(measureEce(binByWidth(STATEMENTS, 10))).toBeCloseTo(0.182, 10);
    expect(measureEce(binByMass(STATEMENTS, 5))).toBeCloseTo(0.172, 10);
    expect(scoreConfidence(STATEMENTS)?.brier).toBeCloseTo(0.17839, 10);
  });

  test('trace the errors among the surest, half of them and nine tenths', () => {
    const [half, most] = traceRisk(STATEMENTS, [0.5, 0.9]);
    expect(half).toEqual({ coverage: 0.5, risk: expect.closeTo(0.2, 10), least: 0.7 });
    expect(most).toEqual({ coverage: 0.9, risk: expect.closeTo(4 / 9, 10), least: 0.2 });
  });

  test('are perfect for a reader that is right as often as it says, by hand', () => {
    const perfect = [true, true, true, false].map((right) => ({ confidence: 0.75, right }));
    expect(scoreConfidence(perfect)).toMatchObject({ eceEqualWidth: 0, brier: 0.1875 });
  });

  test('put a confidence of one into the last bin and keep no empty bins', () => {
    const bins = binByWidth(
      [
        { confidence: 1, right: true },
        { confidence: 0, right: false },
      ],
      10,
    );
    expect(bins).toEqual([
      { confidence: 0, accuracy: 0, n: 1 },
      { confidence: 1, accuracy: 1, n: 1 },
    ]);
  });

  test('are not made of nothing', () => {
    expect(scoreConfidence([])).toBeUndefined();
  });
});

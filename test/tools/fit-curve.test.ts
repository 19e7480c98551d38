import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/base/random.ts';
import { binByMass, measureEce } from '../../src/eval/score-confidence.ts';
import { calibrateReading } from '../../src/vision/read/calibrate-reading.ts';
import { applyCurve, PLAIN_CURVE } from '../../src/vision/read/confidence-curve.ts';
import { crossFit, measureCalibration } from '../../tools/calibrate/cross-fit.ts';
import { fitCurve, measureLogLoss } from '../../tools/calibrate/fit-curve.ts';

const SAID = [
  0.99, 0.97, 0.95, 0.9, 0.88, 0.8, 0.75, 0.7, 0.6, 0.55, 0.5, 0.4, 0.3, 0.2, 0.1, 0.93, 0.85, 0.65, 0.35, 0.05,
];
const RIGHT = [1, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0];
const SAMPLES = SAID.map((confidence, at) => ({
  confidence,
  right: RIGHT[at] === 1,
  key: String(at),
  kind: 'crop' as const,
}));

describe('The calibration curve', () => {
  test('is the one that scipy’s BFGS finds for the same loss and prior', () => {
    const { a, b, c } = fitCurve(SAMPLES);
    expect(a).toBeCloseTo(1.1493, 4);
    expect(b).toBeCloseTo(0.8338, 4);
    expect(c).toBeCloseTo(-0.3022, 4);
  });

  test('has the logarithmic loss that numpy computes', () => {
    expect(measureLogLoss(SAMPLES)).toBeCloseTo(0.5150552555760742, 10);
  });

  test('mends a reader that overstates: logits twice what they should be are halved', () => {
    const random = createRandom(5);
    const samples = Array.from({ length: 3000 }, (_, at) => {
      // Evenly spread logits and outcomes that are drawn apart from them.
      const logit = (6 * at) / 3000 - 3;
      const right = random.next() < 1 / (1 + Math.exp(-logit));
      return { confidence: 1 / (1 + Math.exp(-2 * logit)), right, key: String(at), kind: 'crop' as const };
    });
    const { a, b, c } = fitCurve(samples);
    expect(Math.abs(a - 0.5)).toBeLessThan(0.15);
    expect(Math.abs(b - 0.5)).toBeLessThan(0.15);
    expect(Math.abs(c)).toBeLessThan(0.2);
    expect(measureEce(binByMass(samples, 10))).toBeGreaterThan(0.08);
    expect(measureEce(binByMass(crossFit(samples), 10))).toBeLessThan(0.03);
  });

  test('is measured with an interval and beside what perfect confidences of that number show', () => {
    const random = createRandom(3);
    const perfect = Array.from({ length: 200 }, (_, at) => {
      const confidence = random.between(0.3, 1);
      return { confidence, right: random.next() < confidence, key: String(at), kind: 'crop' as const };
    });
    const { n, eceEqualMass, interval, floor } = measureCalibration(perfect);
    expect(n).toBe(200);
    expect(interval[0]).toBeLessThan(eceEqualMass);
    expect(eceEqualMass).toBeLessThan(interval[1]);
    // Ten bins of twenty: the mean of |N(0, p(1 − p)/20)| over p in 0.3–1 is 7 %.
    expect(floor).toBeGreaterThan(0.05);
    expect(floor).toBeLessThan(0.09);
  });

  test('uses the legibility where that tells right from wrong and the confidence does not', () => {
    const random = createRandom(9);
    const samples = Array.from({ length: 2000 }, (_, at) => {
      const readable = random.between(0.05, 0.95);
      return { confidence: 0.8, readable, right: random.next() < readable, key: String(at), kind: 'crop' as const };
    });
    expect(fitCurve(samples, true).readable).toBeCloseTo(1, 0);
    expect(measureLogLoss(crossFit(samples, true))).toBeLessThan(measureLogLoss(crossFit(samples)));
  });

  test('stays near the plain one where there is little to learn from', () => {
    const { a, b, c } = fitCurve([{ confidence: 0.9, right: true, key: 'A', kind: 'crop' }]);
    for (const off of [a - 1, b - 1, c]) expect(Math.abs(off)).toBeLessThan(0.2);
  });

  test('does not run away where almost all statements are very sure and right: scipy’s BFGS finds the same', () => {
    const groups = [
      [0.998, 100, 100],
      [0.98, 10, 8],
      [0.3, 10, 3],
    ] as const;
    const sure = groups.flatMap(([confidence, n, right]) =>
      Array.from({ length: n }, (_, at) => ({ confidence, right: at < right, key: String(at), kind: 'crop' as const })),
    );
    const { a, b, c } = fitCurve(sure);
    expect([a, b, c]).toEqual([0.8724, 0.797, -0.196].map((weight) => expect.closeTo(weight, 3)));
  });

  test('never turns the order of confidences round', () => {
    const upside = [0.1, 0.2, 0.3, 0.7, 0.8, 0.9].flatMap((confidence, at) =>
      Array.from({ length: 30 }, () => ({ confidence, right: at < 3, key: String(at), kind: 'crop' as const })),
    );
    const curve = fitCurve(upside);
    expect(applyCurve(curve, 0.9)).toBeGreaterThanOrEqual(applyCurve(curve, 0.1));
  });
});

describe('A curve', () => {
  test('that is plain changes nothing, not even a zero', () => {
    for (const p of [0, 0.3, 1]) expect(applyCurve(PLAIN_CURVE, p)).toBe(p);
  });

  test('moves a statement as the formula says: a = 1, b = 0 and c = ln 2 take 0.5 to 0.5, by hand', () => {
    expect(applyCurve({ a: 1, b: 0, c: Math.log(2) }, 0.5)).toBeCloseTo(0.5, 10);
  });

  test('of a reading moves its candidates along: none is surer than the first, together they stay below one', () => {
    const candidates = [
      { text: 'A', p: 0.6 },
      { text: 'B', p: 0.3 },
      { text: 'C', p: 0.05 },
    ];
    const reading = { text: 'A', chars: [], confidence: 0.6, candidates };
    const low = calibrateReading(reading, { a: 1, b: 1, c: -2 });
    expect(low.confidence).toBe(low.candidates[0]?.p);
    expect(low.confidence).toBeLessThan(0.3);
    for (const { p } of low.candidates) expect(p).toBeLessThanOrEqual(low.confidence);
    const high = calibrateReading(reading, { a: 1, b: 1, c: 2 });
    expect(high.candidates.reduce((sum, { p }) => sum + p, 0)).toBeLessThanOrEqual(1);
    const [, second, third] = high.candidates.map(({ p }) => p);
    expect((second ?? 0) / (third ?? 0)).toBeCloseTo(6, 10);
  });
});

import { createHash } from 'node:crypto';
import { createRandom } from '../../src/base/random.ts';
import { binByMass, binByWidth, measureBrier, measureEce } from '../../src/eval/score-confidence.ts';
import { findPercentile } from '../../src/eval/score-times.ts';
import { applyCurve, type ConfidenceCurve } from '../../src/vision/read/confidence-curve.ts';
import { fitCurve, measureLogLoss } from './fit-curve.ts';
import type { CurveSample } from './statement.ts';

const FOLDS = 5;
const BINS = 10;
const RESAMPLES = 400;

/** Statements with their confidence on a curve. */
export function bend(samples: readonly CurveSample[], curve: ConfidenceCurve): readonly CurveSample[] {
  return samples.map((sample) => ({ ...sample, confidence: applyCurve(curve, sample.confidence, sample.readable) }));
}

/** Each statement on a curve that was fitted without its plate: five folds by text. */
export function crossFit(samples: readonly CurveSample[], useReadable = false): readonly CurveSample[] {
  const fold = ({ key }: CurveSample) => createHash('sha256').update(key).digest().readUInt8() % FOLDS;
  return Array.from({ length: FOLDS }, (_, at) => {
    const curve = fitCurve(
      samples.filter((sample) => fold(sample) !== at),
      useReadable,
    );
    return bend(
      samples.filter((sample) => fold(sample) === at),
      curve,
    );
  }).flat();
}

/** How well statements are calibrated; `interval` is where 95 % of resamplings by plate put the ECE, `floor` the ECE that perfect confidences show with as many. */
export type CalibrationFigures = Readonly<{
  n: number;
  wrong: number;
  eceEqualMass: number;
  eceEqualWidth: number;
  interval: readonly [number, number];
  floor: number;
  brier: number;
  logLoss: number;
}>;

/** Measures statements, with a bootstrap over plates (Efron 1979). */
export function measureCalibration(samples: readonly CurveSample[]): CalibrationFigures {
  const random = createRandom(7);
  const plates = [...Map.groupBy(samples, ({ key }) => key).values()];
  const eces = Array.from({ length: RESAMPLES }, () => {
    const drawn = plates.flatMap(() => random.pick(plates));
    return measureEce(binByMass(drawn, BINS));
  });
  const floors = Array.from({ length: RESAMPLES }, () => {
    const drawn = samples.map((sample) => ({ ...sample, right: random.next() < sample.confidence }));
    return measureEce(binByMass(drawn, BINS));
  });
  return {
    n: samples.length,
    wrong: samples.filter(({ right }) => !right).length,
    eceEqualMass: measureEce(binByMass(samples, BINS)),
    eceEqualWidth: measureEce(binByWidth(samples, BINS)),
    interval: [findPercentile(eces, 0.025), findPercentile(eces, 0.975)],
    floor: floors.reduce((sum, ece) => sum + ece, 0) / RESAMPLES,
    brier: measureBrier(samples),
    logLoss: measureLogLoss(samples),
  };
}

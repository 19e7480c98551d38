import { applyCurve } from '../vision/read/confidence-curve.ts';

/** What a machine said of one read, and what a person decided: how sure it was (0–1), and whether the text was right. */
export type Judged = Readonly<{ confidence: number; right: boolean }>;

/** Bounds of `confidence_temperature`. */
const LEAST = 0.5;
const MOST = 3;

/** Standard deviation of the inverse temperature around 1 before anything is known: weighs as much as some 50 decisions. */
const SPREAD = 0.25;
const ROUNDS = 50;

/**
 * The temperature under which decisions are likeliest (Guo et al. 2017), with a Gaussian prior on its inverse around 1, so that few
 * of them change little. The loss is convex in the inverse: Newton's method with shortened steps finds the only minimum.
 */
export function fitTemperature(judged: readonly Judged[]): number {
  const rows = judged.map(({ confidence, right }) => ({ logit: logitOf(confidence), right: right ? 1 : 0 }));
  const measureLoss = (inverse: number) =>
    rows.reduce(
      (sum, { logit, right }) => {
        const tempered = inverse * logit;
        return sum + Math.max(0, tempered) + Math.log1p(Math.exp(-Math.abs(tempered))) - right * tempered;
      },
      (inverse - 1) ** 2 / (2 * SPREAD ** 2),
    );
  let inverse = 1;
  for (let round = 0; round < ROUNDS; round += 1) {
    let [slope, bend] = [(inverse - 1) / SPREAD ** 2, 1 / SPREAD ** 2];
    for (const { logit, right } of rows) {
      const p = 1 / (1 + Math.exp(-inverse * logit));
      slope += logit * (p - right);
      bend += logit ** 2 * p * (1 - p);
    }
    let step = slope / bend;
    while (Math.abs(step) > 1e-9 && measureLoss(inverse - step) > measureLoss(inverse)) step /= 2;
    inverse -= step;
    if (Math.abs(step) < 1e-9) break;
  }
  return clampTemperature(1 / Math.max(inverse, 1 / MOST));
}

/** What is written into a configuration. */
export function clampTemperature(temperature: number): number {
  return Math.min(MOST, Math.max(LEAST, Math.round(temperature * 100) / 100));
}

/** The same decisions with the confidences that a temperature makes of them. */
export function temper<T extends Judged>(judged: readonly T[], temperature: number): readonly T[] {
  const curve = { a: 1 / temperature, b: 1 / temperature, c: 0 };
  return judged.map((one) => ({ ...one, confidence: applyCurve(curve, one.confidence) }));
}

/** Confidences are rounded to five decimals: nearer to 0 and 1 they say nothing. */
function logitOf(confidence: number): number {
  const inside = Math.min(1 - 1e-5, Math.max(1e-5, confidence));
  return Math.log(inside / (1 - inside));
}

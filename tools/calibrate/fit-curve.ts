import { type ConfidenceCurve, listTerms } from '../../src/vision/read/confidence-curve.ts';
import type { CurveSample } from './statement.ts';

/** As much as this many statements would say: with few errors the curve stays near the plain one. */
const PRIOR = 2;
const ROUNDS = 100;

/**
 * The curve under which the outcomes are likeliest: logistic regression on the terms of a curve by Newton's method with shortened steps, with a Gaussian
 * prior around the curve that changes nothing. A weight below 0 would turn the order round: its term is left out.
 */
export function fitCurve(samples: readonly CurveSample[], useReadable = false): ConfidenceCurve {
  const rows = samples.map(({ confidence, readable, right }) => ({
    x: listTerms(confidence, readable),
    y: right ? 1 : 0,
  }));
  const used = useReadable ? [0, 1, 2, 3] : [0, 1, 2];
  let weights = maximise(rows, used);
  const falling = [0, 1].filter((term) => weights[term] < 0);
  if (falling.length > 0)
    weights = maximise(
      rows,
      used.filter((term) => !falling.includes(term)),
    );
  const [a, b, c, readable] = weights.map((weight) => Math.round(weight * 1e4) / 1e4);
  return { a, b, c, ...(useReadable ? { readable } : {}) };
}

const PLAIN = [1, 1, 0, 0];

type Row = Readonly<{ x: readonly number[]; y: number }>;

/** Weights of all terms, those not used at 0. A step that would make the loss larger is halved until it does not. */
function maximise(rows: readonly Row[], used: readonly number[]): number[] {
  let weights = PLAIN.map((weight, term) => (used.includes(term) ? weight : 0));
  let loss = measureLoss(rows, weights, used);
  for (let round = 0; round < ROUNDS; round++) {
    const step = findStep(rows, weights, used);
    const walk = (share: number) => weights.map((weight, term) => weight + share * (step[used.indexOf(term)] ?? 0));
    let share = 1;
    while (share > 1e-6 && measureLoss(rows, walk(share), used) > loss) share /= 2;
    weights = walk(share);
    loss = measureLoss(rows, weights, used);
    if (Math.max(...step.map(Math.abs)) * share < 1e-10) break;
  }
  return weights;
}

/** The negative logarithm of the likelihood and the prior. */
function measureLoss(rows: readonly Row[], weights: readonly number[], used: readonly number[]): number {
  const prior = used.reduce((sum, term) => sum + (PRIOR / 2) * (weights[term] - PLAIN[term]) ** 2, 0);
  return rows.reduce((sum, { x, y }) => {
    const logit = x.reduce((all, value, term) => all + value * weights[term], 0);
    return sum + Math.max(0, logit) + Math.log1p(Math.exp(-Math.abs(logit))) - y * logit;
  }, prior);
}

/** One Newton step over the used terms: the solution of (XᵀWX + λ) s = Xᵀ(y − p) − λ (w − w₀). */
function findStep(rows: readonly Row[], weights: readonly number[], used: readonly number[]): number[] {
  const matrix = used.map((i) => used.map((j) => (i === j ? PRIOR : 0)));
  const target = used.map((term) => -PRIOR * (weights[term] - PLAIN[term]));
  for (const { x, y } of rows) {
    const p = 1 / (1 + Math.exp(-x.reduce((sum, value, term) => sum + value * weights[term], 0)));
    for (const [i, first] of used.entries()) {
      target[i] += x[first] * (y - p);
      for (const [j, second] of used.entries()) matrix[i][j] += p * (1 - p) * x[first] * x[second];
    }
  }
  return solve(matrix, target);
}

/** Gauss–Jordan elimination with pivoting of a small system. */
function solve(matrix: readonly (readonly number[])[], target: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, target[at]]);
  for (let column = 0; column < rows.length; column++) {
    const below = rows.slice(column);
    const pivot = below.reduce((best, row) => (Math.abs(row[column]) > Math.abs(best[column]) ? row : best));
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(column, 0, pivot);
    for (const [at, row] of rows.entries()) {
      if (at === column) continue;
      const factor = row[column] / pivot[column];
      for (let j = column; j < row.length; j++) row[j] -= factor * pivot[j];
    }
  }
  return rows.map((row, at) => row[row.length - 1] / row[at]);
}

/** Mean logarithmic loss of statements (natural logarithm): what {@link fitCurve} makes small. */
export function measureLogLoss(samples: readonly CurveSample[]): number {
  const sum = samples.reduce((all, { confidence, right }) => {
    const p = Math.min(1 - 1e-6, Math.max(1e-6, confidence));
    return all - Math.log(right ? p : 1 - p);
  }, 0);
  return sum / samples.length;
}

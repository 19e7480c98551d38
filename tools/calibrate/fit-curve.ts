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
  const used = useReadable ? TERMS : TERMS.slice(0, 3);
  let weights = maximise(rows, used);
  const falling = used.slice(0, 2).filter((term) => weights[term] < 0);
  if (falling.length > 0)
    weights = maximise(
      rows,
      used.filter((term) => !falling.includes(term)),
    );
  const [a, b, c, readable] = mapTerms((term) => Math.round(weights[term] * 1e4) / 1e4);
  return { a, b, c, ...(useReadable ? { readable } : {}) };
}

/** A number for each term of a curve. */
type Terms = readonly [number, number, number, number];
type Term = 0 | 1 | 2 | 3;
type Row = Readonly<{ x: Terms; y: number }>;

const TERMS: readonly Term[] = [0, 1, 2, 3];
const PLAIN: Terms = [1, 1, 0, 0];

function mapTerms(find: (term: Term) => number): Terms {
  return [find(0), find(1), find(2), find(3)];
}

/** Weights of all terms, those not used at 0. A step that would make the loss larger is halved until it does not. */
function maximise(rows: readonly Row[], used: readonly Term[]): Terms {
  let weights = mapTerms((term) => (used.includes(term) ? PLAIN[term] : 0));
  let loss = measureLoss(rows, weights, used);
  for (let round = 0; round < ROUNDS; round++) {
    const step = findStep(rows, weights, used);
    const walk = (share: number) => mapTerms((term) => weights[term] + share * (step[used.indexOf(term)] ?? 0));
    let share = 1;
    while (share > 1e-6 && measureLoss(rows, walk(share), used) > loss) share /= 2;
    weights = walk(share);
    loss = measureLoss(rows, weights, used);
    if (Math.max(...step.map(Math.abs)) * share < 1e-10) break;
  }
  return weights;
}

/** The negative logarithm of the likelihood and the prior. */
function measureLoss(rows: readonly Row[], weights: Terms, used: readonly Term[]): number {
  const prior = used.reduce<number>((sum, term) => sum + (PRIOR / 2) * (weights[term] - PLAIN[term]) ** 2, 0);
  return rows.reduce((sum, { x, y }) => {
    const logit = weigh(x, weights);
    return sum + Math.max(0, logit) + Math.log1p(Math.exp(-Math.abs(logit))) - y * logit;
  }, prior);
}

function weigh(x: Terms, weights: Terms): number {
  return x[0] * weights[0] + x[1] * weights[1] + x[2] * weights[2] + x[3] * weights[3];
}

/** One Newton step over the used terms: the solution of (XᵀWX + λ) s = Xᵀ(y − p) − λ (w − w₀). */
function findStep(rows: readonly Row[], weights: Terms, used: readonly Term[]): number[] {
  const stated = rows.map(({ x, y }) => ({ x, y, p: 1 / (1 + Math.exp(-weigh(x, weights))) }));
  const matrix = used.map((i) =>
    used.map((j) => stated.reduce((sum, { x, p }) => sum + p * (1 - p) * x[i] * x[j], i === j ? PRIOR : 0)),
  );
  const target = used.map((i) =>
    stated.reduce((sum, { x, y, p }) => sum + x[i] * (y - p), -PRIOR * (weights[i] - PLAIN[i])),
  );
  return solve(matrix, target);
}

/** Gauss–Jordan elimination with pivoting of a small system. */
function solve(matrix: readonly (readonly number[])[], target: readonly number[]): number[] {
  const rows = matrix.map((row, at) => Float64Array.of(...row, target[at] ?? 0));
  for (let column = 0; column < rows.length; column++) {
    const below = rows.slice(column);
    const pivot = below.reduce((best, row) => (sizeAt(row, column) > sizeAt(best, column) ? row : best));
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(column, 0, pivot);
    for (const [at, row] of rows.entries()) {
      if (at === column) continue;
      const factor = (row[column] ?? 0) / (pivot[column] ?? 0);
      rows[at] = row.map((value, j) => value - factor * (pivot[j] ?? 0));
    }
  }
  return rows.map((row, at) => (row.at(-1) ?? 0) / (row[at] ?? 0));
}

function sizeAt(row: Float64Array, column: number): number {
  return Math.abs(row[column] ?? 0);
}

/** Mean logarithmic loss of statements (natural logarithm): what {@link fitCurve} makes small. */
export function measureLogLoss(samples: readonly CurveSample[]): number {
  const sum = samples.reduce((all, { confidence, right }) => {
    const p = Math.min(1 - 1e-6, Math.max(1e-6, confidence));
    return all - Math.log(right ? p : 1 - p);
  }, 0);
  return sum / samples.length;
}

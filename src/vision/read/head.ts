/** Classes of the reader's heads: 0 is "none" (slots) or blank (CTC), then the alphabet in order. */
export type Alphabet = string;

/** One plate's probabilities from one head: `rows × classes`, row-major. */
export type HeadOutput = Readonly<{ data: Float32Array; rows: number; classes: number }>;

/** A text as class indices, with the logarithm of its probability. */
export type LabelCandidate = Readonly<{ labels: readonly number[]; logP: number }>;

/** Stands for the logarithm of a probability that underflowed. */
export const LOG_ZERO = -60;

/** A logarithm that never falls below {@link LOG_ZERO}. */
export function takeLog(p: number): number {
  return p > 1e-26 ? Math.log(p) : LOG_ZERO;
}

/** Class indices to text. */
export function spell(labels: readonly number[], alphabet: Alphabet): string {
  return labels.map((label) => alphabet[label - 1] ?? '').join('');
}

/** The plate `index` of a head's batch tensor, without copying. */
export function takePlate(
  tensor: Readonly<{ dims: readonly number[]; data: Float32Array }>,
  index: number,
): HeadOutput {
  const [, rows, classes] = tensor.dims;
  return { data: tensor.data.subarray(index * rows * classes, (index + 1) * rows * classes), rows, classes };
}

/** Most probable class of one row. */
export function findBest(head: HeadOutput, row: number): number {
  const from = row * head.classes;
  let best = 0;
  for (let c = 1; c < head.classes; c += 1) if (head.data[from + c] > head.data[from + best]) best = c;
  return best;
}

/** Candidates by text, most probable first (ties by text, so that the order is always the same), at most `count`. */
export function rankCandidates(byText: ReadonlyMap<string, LabelCandidate>, count: number): LabelCandidate[] {
  return [...byText.entries()]
    .sort(([textA, a], [textB, b]) => b.logP - a.logP || (textA < textB ? -1 : 1))
    .slice(0, count)
    .map(([, candidate]) => candidate);
}

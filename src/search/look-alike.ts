import type { Reason } from '../contract/api/search.ts';
import { isAlike } from '../contract/plate-text.ts';

/** What an edit costs: readers confuse look-alikes; anything else is less likely. */
const LOOKALIKE_COST = 0.35;
const EDIT_COST = 1;

/** How `text` differs from the query: real edits, look-alikes, the weighted cost, and the differences in words. */
export type Difference = Readonly<{ edits: number; lookalikes: number; cost: number; detail: string }>;

/** The cheapest alignment of two texts (Wagner–Fischer with look-alike substitutions at a lower cost). */
export function compareTexts(query: string, text: string): Difference {
  const [wanted, found] = [[...query], [...text]];
  const costs = fillCosts(wanted, found);
  const width = found.length + 1;
  const details: string[] = [];
  let [edits, lookalikes] = [0, 0];
  let [i, j] = [wanted.length, found.length];
  // Walk back from the end along the cheapest steps; among equal ones substitutions come first, then missing, then added characters.
  while (i > 0 || j > 0) {
    const cost = costs[i * width + j];
    const [char = '', other = ''] = [wanted[i - 1], found[j - 1]];
    if (i > 0 && j > 0 && cost === (costs[(i - 1) * width + j - 1] ?? 0) + costOf(char, other)) {
      if (char !== other) details.push(`${char}↔${other} at ${j}`);
      if (char !== other && isAlike(char, other)) lookalikes++;
      else if (char !== other) edits++;
      [i, j] = [i - 1, j - 1];
    } else if (i > 0 && cost === (costs[(i - 1) * width + j] ?? 0) + EDIT_COST) {
      details.push(`${char} missing at ${j === 0 ? i : j + 1}`);
      edits++;
      i--;
    } else {
      details.push(`${other} added at ${j}`);
      edits++;
      j--;
    }
  }
  return { cost: costs.at(-1) ?? 0, edits, lookalikes, detail: details.reverse().join(', ') };
}

/** Fills, row by row, the least cost of turning the first i wanted characters into the first j found ones. */
function fillCosts(wanted: readonly string[], found: readonly string[]): Float64Array {
  const width = found.length + 1;
  const costs = new Float64Array((wanted.length + 1) * width);
  for (let j = 1; j < width; j++) costs[j] = j * EDIT_COST;
  for (const [i, char] of wanted.entries()) {
    const row = (i + 1) * width;
    costs[row] = (i + 1) * EDIT_COST;
    let at = row + 1;
    for (const other of found) {
      const taken = (costs[at - width - 1] ?? 0) + costOf(char, other);
      const missing = (costs[at - width] ?? 0) + EDIT_COST;
      const added = (costs[at - 1] ?? 0) + EDIT_COST;
      costs[at++] = Math.min(taken, missing, added);
    }
  }
  return costs;
}

function costOf(wanted: string, found: string): number {
  if (wanted === found) return 0;
  return isAlike(wanted, found) ? LOOKALIKE_COST : EDIT_COST;
}

/** The reason and the score (1 for equal texts) of a fuzzy match. */
export function explain(difference: Difference, length: number): Readonly<{ reason: Reason; score: number }> {
  const { edits, lookalikes, cost, detail } = difference;
  const kind = edits > 0 ? 'edit' : lookalikes > 0 ? 'lookalike' : 'exact';
  const score = Math.max(0, 1 - cost / Math.max(4, length));
  return { reason: { kind, distance: edits + lookalikes, detail }, score };
}

import type { Reason } from './search.ts';

const FOLDS: Readonly<Record<string, string>> = { O: '0', Q: '0', D: '0', I: '1', Z: '2', S: '5', B: '8', G: '6' };

/** What an edit costs: confusing look-alikes is what readers do, anything else is less likely. */
const LOOKALIKE_COST = 0.35;
const EDIT_COST = 1;

type Step = Readonly<{ kind: 'lookalike' | 'edit'; detail: string }>;
type Cell = Readonly<{ cost: number; edits: number; lookalikes: number; back?: Cell; step?: Step }>;

/** How `text` differs from the query: true edits, look-alikes, the weighed cost, and the differences in words. */
export type Difference = Readonly<{ edits: number; lookalikes: number; cost: number; detail: string }>;

/** The text with characters that plates make alike as one, in the same way as SQL's `fold_plate`. */
export function foldText(text: string): string {
  return text.replace(/[OQDIZSBG]/g, (char) => FOLDS[char] ?? char);
}

/** The cheapest alignment of two texts (Wagner–Fischer with look-alike substitutions at a lower cost). */
export function compareTexts(query: string, text: string): Difference {
  const [wanted, found] = [[...query], [...text]];
  let row: Cell[] = [{ cost: 0, edits: 0, lookalikes: 0 }];
  for (const [at, char] of found.entries()) row.push(extend(row[at], edit(`${char} added at ${at + 1}`)));
  for (const [index, char] of wanted.entries()) {
    const next: Cell[] = [extend(row[0], edit(`${char} missing at ${index + 1}`))];
    for (const [at, other] of found.entries()) {
      next.push(
        cheapest([
          extend(row[at], substitution(char, other, at)),
          extend(row[at + 1], edit(`${char} missing at ${at + 2}`)),
          extend(next[at], edit(`${other} added at ${at + 1}`)),
        ]),
      );
    }
    row = next;
  }
  const { cost, edits, lookalikes, ...last } = row.at(-1) as Cell;
  return { cost, edits, lookalikes, detail: describe({ cost, edits, lookalikes, ...last }) };
}

/** The reason and the score (1 for equal texts) of a fuzzy match. */
export function explain(difference: Difference, length: number): Readonly<{ reason: Reason; score: number }> {
  const { edits, lookalikes, cost, detail } = difference;
  const kind = edits > 0 ? 'edit' : lookalikes > 0 ? 'lookalike' : 'exact';
  const score = Math.max(0, 1 - cost / Math.max(4, length));
  return { reason: { kind, distance: edits + lookalikes, detail }, score };
}

function substitution(wanted: string, found: string, at: number): Step | undefined {
  if (wanted === found) return undefined;
  const detail = `${wanted}↔${found} at ${at + 1}`;
  return foldText(wanted) === foldText(found) ? { kind: 'lookalike', detail } : edit(detail);
}

function edit(detail: string): Step {
  return { kind: 'edit', detail };
}

function extend(from: Cell | undefined, step: Step | undefined): Cell {
  if (from === undefined) return { cost: Number.POSITIVE_INFINITY, edits: 0, lookalikes: 0 };
  if (step === undefined) return from;
  const alike = step.kind === 'lookalike';
  return {
    cost: from.cost + (alike ? LOOKALIKE_COST : EDIT_COST),
    edits: from.edits + (alike ? 0 : 1),
    lookalikes: from.lookalikes + (alike ? 1 : 0),
    back: from,
    step,
  };
}

function cheapest(cells: readonly Cell[]): Cell {
  return cells.reduce((best, cell) => (cell.cost < best.cost ? cell : best));
}

function describe(last: Cell): string {
  const details: string[] = [];
  for (let cell: Cell | undefined = last; cell; cell = cell.back) if (cell.step) details.unshift(cell.step.detail);
  return details.join(', ');
}

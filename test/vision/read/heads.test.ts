import { describe, expect, it } from 'vitest';
import { READER_DEFAULTS } from '../../../src/vision/options/reader.ts';
import { combineHeads } from '../../../src/vision/read/combine-heads.ts';
import {
  alignCtc,
  countLines,
  findCtcCandidates,
  findSegments,
  scoreCtc,
} from '../../../src/vision/read/decode-ctc.ts';
import { alignSlots, findSlotCandidates, readSlots, scoreSlots } from '../../../src/vision/read/decode-slots.ts';
import type { HeadOutput } from '../../../src/vision/read/head.ts';

/** Rows of probabilities over (none, A, B). */
function toHead(rows: readonly (readonly number[])[]): HeadOutput {
  return { data: new Float32Array(rows.flat()), rows: rows.length, classes: rows[0]?.length ?? 0 };
}

/** Probability of every text, by trying every path: the definition, slow and plain. */
function enumerate(head: HeadOutput, collapse: (path: readonly number[]) => readonly number[]): Map<string, number> {
  const texts = new Map<string, number>();
  for (let code = 0; code < head.classes ** head.rows; code += 1) {
    const path = Array.from({ length: head.rows }, (_, row) => Math.floor(code / head.classes ** row) % head.classes);
    const p = path.reduce((product, c, row) => product * (head.data[row * head.classes + c] ?? Number.NaN), 1);
    const text = collapse(path).join();
    texts.set(text, (texts.get(text) ?? 0) + p);
  }
  return texts;
}
const dropEmpty = (path: readonly number[]) => path.filter((c) => c > 0);
const dropRepeats = (path: readonly number[]) => path.filter((c, i) => c > 0 && c !== path[i - 1]);
const toLabels = (text: string) => (text === '' ? [] : text.split(',').map(Number));

const head = toHead([
  [0.1, 0.7, 0.2],
  [0.5, 0.3, 0.2],
  [0.2, 0.3, 0.5],
  [0.6, 0.1, 0.3],
  [0.25, 0.35, 0.4],
]);

describe('the slots head', () => {
  const truth = enumerate(head, dropEmpty);

  it('scores every text as the sum over all placements', () => {
    for (const [text, p] of truth) expect(Math.exp(scoreSlots(head, toLabels(text)))).toBeCloseTo(p, 6);
  });

  it('finds the most probable texts in their order', () => {
    const best = [...truth].sort((a, b) => b[1] - a[1]).slice(0, 3);
    const found = findSlotCandidates(head, 64).slice(0, 3);
    expect(found.map(({ labels }) => labels.join())).toEqual(best.map(([text]) => text));
    for (const [index, { logP }] of found.entries())
      expect(Math.exp(logP)).toBeCloseTo(best[index]?.[1] ?? Number.NaN, 6);
  });

  it('reads the best class of each slot and knows where it stands', () => {
    expect(readSlots(head)).toEqual([1, 2, 2]);
    expect(alignSlots(head, [1, 2, 2])).toEqual([0, 2, 4]);
    expect(alignSlots(head, [1, 1, 1, 1, 1, 1])).toBeUndefined();
  });
});

describe('the CTC head', () => {
  const truth = enumerate(head, dropRepeats);

  it('scores every text as the sum over all alignments', () => {
    for (const [text, p] of truth) expect(Math.exp(scoreCtc(head, toLabels(text)))).toBeCloseTo(p, 6);
  });

  it('finds the most probable texts in their order', () => {
    const best = [...truth].sort((a, b) => b[1] - a[1]).slice(0, 4);
    const found = findCtcCandidates(head, 64).slice(0, 4);
    expect(found.map(({ labels }) => labels.join())).toEqual(best.map(([text]) => text));
    for (const [index, { logP }] of found.entries())
      expect(Math.exp(logP)).toBeCloseTo(best[index]?.[1] ?? Number.NaN, 6);
  });

  it('cuts the best path into characters, a repeat only after a blank', () => {
    const path = toHead([
      [0, 1, 0],
      [0, 1, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 1],
    ]);
    expect(findSegments(path)).toEqual([
      { label: 1, first: 0, last: 1 },
      { label: 1, first: 3, last: 3 },
      { label: 2, first: 4, last: 5 },
    ]);
    expect(alignCtc(path, [1, 1, 2])).toEqual([1, 3, 5]);
  });

  it('sees two lines only where the lower one begins left of the end of the upper', () => {
    expect(countLines([2, 10, 20, 34, 44], 64)).toBe(2);
    expect(countLines([2, 10, 55, 60], 64)).toBe(1);
    expect(countLines([40, 50, 60], 64)).toBe(1);
    expect(countLines([], 64)).toBe(1);
  });
});

describe('combineHeads', () => {
  /** A head that says `text` over (none, A, B) with probability `p` a character, the rest shared. */
  const say = (labels: readonly number[], p: number, rows: number, spread: number) =>
    toHead(
      Array.from({ length: rows }, (_, row) => {
        const label = row % spread === 0 ? (labels[row / spread] ?? 0) : 0;
        return [0, 1, 2].map((c) => (c === label ? p : (1 - p) / 2));
      }),
    );
  const combine = (slots: readonly number[], ctc: readonly number[], p = 0.95) =>
    combineHeads(
      { slots: say(slots, p, 4, 1), ctc: say(ctc, p, 12, 3), alphabet: 'AB', temperature: 1 },
      READER_DEFAULTS,
    );

  it('is surer where the heads agree than where they differ', () => {
    const same = combine([1, 2, 1], [1, 2, 1]);
    const other = combine([1, 2, 1], [1, 2, 2]);
    expect(same.text).toBe('ABA');
    expect(same.confidence).toBeGreaterThan(other.confidence + 0.2);
    expect(
      other.candidates
        .slice(0, 2)
        .map(({ text }) => text)
        .sort(),
    ).toEqual(['ABA', 'ABB']);
  });

  it('describes each character by both heads, the chosen one among its alternatives', () => {
    const { text, chars } = combine([1, 2, 1], [1, 2, 2]);
    expect(chars).toHaveLength(3);
    for (const [index, char] of chars.entries()) expect(char.map((entry) => entry.char)).toContain(text[index]);
    expect(
      chars[2]
        ?.map(({ char }) => char)
        .slice(0, 2)
        .sort(),
    ).toEqual(['A', 'B']);
  });

  it('ranks candidates and never promises more than everything', () => {
    const { candidates, confidence } = combine([1, 1], [1, 2], 0.6);
    expect(candidates[0]?.p).toBe(confidence);
    expect(candidates.map(({ p }) => p)).toEqual(candidates.map(({ p }) => p).toSorted((a, b) => b - a));
    expect(candidates.reduce((sum, { p }) => sum + p, 0)).toBeLessThanOrEqual(1.000001);
  });

  it('leaves texts longer than the slots to the other head', () => {
    const { text } = combine([1, 2, 1, 2], [1, 2, 1, 2]);
    expect(text).toBe('ABAB');
    const long = combineHeads(
      { slots: say([1, 2], 0.9, 2, 1), ctc: say([1, 2, 1, 2], 0.95, 12, 3), alphabet: 'AB', temperature: 1 },
      READER_DEFAULTS,
    );
    expect(long.candidates.map((candidate) => candidate.text)).toContain('ABAB');
  });

  it('reads nothing from an empty plate', () => {
    const { text, chars } = combine([], []);
    expect([text, chars]).toEqual(['', []]);
  });

  it('is flattened by a temperature above one', () => {
    const heads = { slots: say([1, 2], 0.8, 4, 1), ctc: say([1, 2], 0.8, 12, 3), alphabet: 'AB' };
    const sharp = combineHeads({ ...heads, temperature: 1 }, READER_DEFAULTS);
    expect(combineHeads({ ...heads, temperature: 2 }, READER_DEFAULTS).confidence).toBeLessThan(sharp.confidence);
  });
});

import { toPlainLetter } from '../regions/plain-letter.ts';
import type { Alphabet, HeadOutput } from './head.ts';

/** Rows whose numbers sum to less or more than this far from 1 are raw scores: they get their softmax first. */
const SUM_TOLERANCE = 0.02;

/**
 * For each class of a foreign network the class it counts as: 1 + its place in the plate `alphabet`, or 0 for "no character".
 * Lower case counts as upper, accents and full-width forms as the plain letter (Unicode NFKD), unless the alphabet has them; what plates do
 * not bear counts as none.
 */
export function mapClasses(characters: readonly string[], alphabet: Alphabet): Uint16Array {
  const known = [...alphabet];
  return Uint16Array.from(characters, (character) => {
    const forms = [character, character.toUpperCase(), toPlainLetter(character)];
    return 1 + known.indexOf(forms.find((form) => known.includes(form)) ?? '');
  });
}

/** Adds the probabilities of `rows × map.length` numbers up, by {@link mapClasses}, into `rows × (1 + alphabet)`. */
export function foldClasses(scores: Float32Array, map: Uint16Array, alphabet: Alphabet): HeadOutput {
  const from = map.length;
  const rows = scores.length / from;
  const classes = alphabet.length + 1;
  const data = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row += 1) {
    const source = takeProbabilities(scores.subarray(row * from, (row + 1) * from));
    const to = row * classes;
    for (let c = 0; c < from; c += 1) data[to + map[c]] += source[c];
  }
  return { data, rows, classes };
}

/** The row itself where it holds probabilities, else its softmax. */
function takeProbabilities(row: Float32Array): Float32Array {
  let sum = 0;
  let highest = -Infinity;
  let lowest = Infinity;
  for (let i = 0; i < row.length; i += 1) {
    sum += row[i];
    if (row[i] > highest) highest = row[i];
    if (row[i] < lowest) lowest = row[i];
  }
  if (lowest >= 0 && Math.abs(sum - 1) <= SUM_TOLERANCE) return row;
  const powers = row.map((value) => Math.exp(value - highest));
  const total = powers.reduce((all, value) => all + value, 0);
  return powers.map((value) => value / total);
}

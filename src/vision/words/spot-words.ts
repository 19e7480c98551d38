/** Least probability of a character, so that a column cannot rule a word out. */
const LEAST = 1e-6;

/** Words in the classes of a CTC network: 0 is "no character", then its alphabet. */
export type SpelledWord = readonly number[];

/** The classes of a word's letters and digits; what the alphabet lacks (spaces, signs, small letters as capitals) is left out. */
export function spellWord(word: string, alphabet: string): SpelledWord {
  return Array.from(word.toUpperCase(), (char) => alphabet.indexOf(char) + 1).filter((label) => label > 0);
}

/** Logarithms of `[columns, classes]`, each against the likeliest class of its column: 0 and below. */
export function compareClasses(chances: Float32Array, classes: number): Float64Array {
  const logs = Float64Array.from(chances, (p) => Math.log(Math.max(LEAST, p)));
  for (let from = 0; from < logs.length; from += classes) {
    const row = logs.subarray(from, from + classes);
    const best = row.reduce((a, b) => Math.max(a, b), -Infinity);
    for (let index = 0; index < classes; index += 1) row[index] -= best;
  }
  return logs;
}

/**
 * How well a word stands somewhere among the columns: the logarithm of the ratio of the likeliest CTC path that spells it, beginning and
 * ending wherever it likes, to the likeliest path of all. 0 where the network reads the word itself. Viterbi's algorithm over the
 * letters and the blanks between them (Graves et al., Connectionist Temporal Classification, 2006, section 4.1).
 */
export function spotWord(word: SpelledWord, compared: Float64Array, classes: number): number {
  const states = 2 * word.length - 1;
  const paths = new Float64Array(states).fill(-Infinity);
  let best = -Infinity;
  for (let row = 0; row < compared.length; row += classes) {
    for (let state = states - 1; state >= 0; state -= 1) {
      const letter = state >> 1;
      const isLetter = state % 2 === 0;
      let path = Math.max(paths[state], state > 0 ? paths[state - 1] : 0);
      // Unlike letters may follow each other without a blank.
      if (isLetter && letter > 0 && word[letter] !== word[letter - 1]) path = Math.max(path, paths[state - 2]);
      paths[state] = path + compared[row + (isLetter ? word[letter] : 0)];
    }
    best = Math.max(best, paths[states - 1]);
  }
  return best;
}

import type { Reading } from './reading.ts';

/**
 * Legibility that one letter, repeated, must have. Among the texts of 4,312 photographed plates none is so (two are one digit, repeated), while the bars of
 * barriers and grilles are read so: a road barrier as LLLL, at a legibility of 0.4 by reader 0.4.0 and 0.6 by 0.5.0. The value itself is a choice.
 */
const ONE_LETTER_READABLE = 0.9;

/**
 * Whether a reading is rather texture or lettering than a plate: no numbering that is known explains it, and the network itself finds it less legible (0–1)
 * than `minReadable`, or than 0.9 where it is one letter, repeated. Of 674 held-out plates that reader 0.4.1 reads right 5 are below 0.5.
 */
export function isLettering({ text, matchesFormat, readable = 1 }: Reading, minReadable: number): boolean {
  const isOneLetter = /^([A-Z])\1+$/.test(text);
  return !matchesFormat && readable < (isOneLetter ? Math.max(minReadable, ONE_LETTER_READABLE) : minReadable);
}

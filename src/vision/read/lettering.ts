import type { Reading } from './reading.ts';

/**
 * Whether a reading is rather texture or lettering than a plate: no numbering that is known explains it, and the network itself finds it less legible (0–1)
 * than `minReadable`. Of 677 held-out plates read right 0.9 % are below 0.5, nearly all with a known numbering; a road barrier read as LLLL is.
 */
export function isLettering({ matchesFormat, readable = 1 }: Reading, minReadable: number): boolean {
  return !matchesFormat && readable < minReadable;
}

import type { Reading } from './reading.ts';

/**
 * Whether a reading is rather texture or lettering than a plate: no numbering that is known explains it, and the network itself finds it less legible (0–1)
 * than `minReadable`. Of 674 held-out plates that reader 0.4.1 reads right 5 are below 0.5; a road barrier that 0.4.0 read as LLLL was at 0.4.
 */
export function isLettering({ matchesFormat, readable = 1 }: Reading, minReadable: number): boolean {
  return !matchesFormat && readable < minReadable;
}

import type { Tally } from '../../contract/api/camera-quality.ts';

/** The share that was read, however few there were; null where nothing passed. */
export function shareOf({ read, lost }: Tally): number | null {
  return read + lost === 0 ? null : read / (read + lost);
}

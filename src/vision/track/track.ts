import type { Box } from '../box.ts';
import type { Detection } from '../detection.ts';

/** The same vehicle or plate over Frames. `id` is unique within its camera and never reused. */
export type Track = Readonly<{
  id: number;
  state: 'tracked' | 'lost' | 'removed';
  /** Kalman-filtered box, pixels of the full picture. */
  box: Box;
  /** The newest detection associated with the track. */
  detection: Detection;
  /** Frame sequence numbers of the first and the newest association. */
  firstSequence: number;
  lastSequence: number;
  /** Number of frames in which the track was associated with a detection. */
  hits: number;
}>;

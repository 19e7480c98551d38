import type { PlateRead, ReadAnswer } from '../contract/api/read.ts';
import type { PlateEvent } from '../contract/plate-event.ts';

/** What was read of one picture. */
export type PictureRead = Pick<ReadAnswer, 'width' | 'height' | 'plates_left_out' | 'models'> &
  Readonly<{
    plates: readonly Omit<PlateRead, 'event_id'>[];
    /** Makes an event of each plate, in their order: pictures first, then the bus, which has them once this resolves. */
    publish(taken: Readonly<{ camera: string; at: number }>): Promise<readonly PlateEvent[]>;
  }>;

/** Reads pictures that somebody sent, after the cameras of this process. Networks are loaded when the first one comes. */
export interface PictureReader {
  /** Pictures that are worth reading at the same time. */
  readonly atOnce: number;
  /** IMAGE_INVALID for what is no JPEG, PNG or WebP, is broken or too large. */
  read(picture: Uint8Array): Promise<PictureRead>;
}

import type { Image, RgbImage } from './image.ts';

/** One picture of one camera. */
export type Frame = Readonly<{
  cameraId: string;
  /** Counts up by one for each frame that the camera hands out; gaps mean dropped frames. */
  sequence: number;
  /** Time of capture, milliseconds since the Unix epoch, UTC. */
  capturedAt: number;
  /** Milliseconds since the stream began (media time for files); never jumps with the clock. */
  mediaTime: number;
  /** Full resolution: what plates are cropped and pictures are stored from. */
  image: Image;
  /** The same picture letterboxed to the detector's input by the decoder, where the camera can do it cheaply. */
  small?: SmallPicture;
  /** Says that nobody looks at its pictures any more, so that their memory serves for others. Without it they are garbage. */
  giveBack?(): void;
}>;

/** A letterboxed copy: `full = (small - offset) / scale` for both axes. */
export type SmallPicture = Readonly<{ image: RgbImage; scale: number; offsetX: number; offsetY: number }>;

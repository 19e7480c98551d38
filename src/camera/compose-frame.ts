import type { Frame } from '../vision/frame.ts';
import type { PicturePair } from './decoder.ts';

/** Makes a Frame of a decoded pair; the small picture is at the top left of its canvas. */
export function composeFrame(
  pair: PicturePair,
  about: Readonly<{
    cameraId: string;
    sequence: number;
    capturedAt: number;
    mediaTime: number;
    small: Readonly<{ width: number; height: number }>;
  }>,
): Frame {
  const { small, ...facts } = about;
  const { width, height, fullRange, data } = pair.full;
  const image = { kind: 'yuv420p', width, height, data, ...(fullRange ? { fullRange } : {}) } as const;
  const scale = Math.min(small.width / width, small.height / height);
  const fitted = { kind: 'rgb24', ...small, data: pair.small } as const;
  return { ...facts, image, small: { image: fitted, scale, offsetX: 0, offsetY: 0 }, giveBack: pair.giveBack };
}

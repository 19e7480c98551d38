import { keySegment } from './image-key.ts';

/** A look at a plate that gave no event: when it was, why it was lost, and how the characters looked. */
export type LostLook = Readonly<{
  /** Milliseconds since the epoch. */
  at: number;
  reason: string;
  /** Height of a character, pixels of the full picture. */
  charHeightPx: number;
  /** 0 (mush) to 1 (crisp). */
  sharpness: number;
}>;

type Place = Readonly<{ site: string; camera: string }>;

const KEY = /^([^/]+)\/([^/]+)\/lost\/(\d{13})-([a-z][a-z0-9_]*)-(\d+)-(\d+)\.jpg$/;

/** The folder of what a camera lost: `site/camera/lost`. */
export function lostFolder({ site, camera }: Place): string {
  return [keySegment(site), keySegment(camera), 'lost'].join('/');
}

/** The key of a lost look's picture, which tells everything that is kept of it; keys sort by time. */
export function lostKey(place: Place, { at, reason, charHeightPx, sharpness }: LostLook): string {
  const figures = [Math.round(charHeightPx * 10), Math.round(sharpness * 100)];
  return `${lostFolder(place)}/${[Math.round(at), reason, ...figures].join('-')}.jpg`;
}

/** What a key tells, with its folder’s names of site and camera; undefined where the key is not one of a lost look. */
export function readLostKey(key: string): (LostLook & Place) | undefined {
  const [, site, camera, at, reason, height, sharpness] = KEY.exec(key) ?? [];
  if (site === undefined || camera === undefined || reason === undefined) return undefined;
  const figures = { at: Number(at), charHeightPx: Number(height) / 10, sharpness: Number(sharpness) / 100 };
  return { site, camera, reason, ...figures };
}

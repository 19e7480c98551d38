import { statfs } from 'node:fs/promises';
import type { Images } from '../images/images.ts';

type RoomOptions = Readonly<{ folder: string; reserveBytes: number; images: Images }>;

/**
 * Whether the disk has room for pictures. Space below the reserve is for events only; pictures that wait for a remote
 * store are then given up, the oldest first, until the reserve is free again.
 */
export function createRoomCheck({ folder, reserveBytes, images }: RoomOptions): () => Promise<boolean> {
  return async () => {
    do {
      const { bavail, bsize } = await statfs(folder);
      if (bavail * bsize >= reserveBytes) return true;
    } while (await giveUpPictures(images));
    return false;
  };
}

/** Gives up the oldest waiting pictures; false if there are none. */
export async function giveUpPictures(images: Images): Promise<boolean> {
  return ((await images.giveUpOldest?.()) ?? 0) > 0;
}

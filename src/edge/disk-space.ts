import { statfs } from 'node:fs/promises';
import type { Images } from '../images/images.ts';

type RoomOptions = Readonly<{ folder: string; reserveBytes: number; images: Images }>;

/**
 * Whether the disk has room for pictures: below the reserve it is for events alone, and pictures that wait for a store
 * elsewhere are given up, the oldest first, until the reserve is there again.
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

/** Gives up the oldest pictures that wait; false where there is none. */
export async function giveUpPictures(images: Images): Promise<boolean> {
  return ((await images.giveUpOldest?.()) ?? 0) > 0;
}

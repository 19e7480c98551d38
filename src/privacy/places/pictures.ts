import type { Amount, PlaceName } from '../../contract/api/privacy.ts';
import { eventIdOf } from '../../contract/image-key.ts';
import { readLostKey } from '../../contract/lost-look.ts';
import type { PlateEvent } from '../../contract/plate-event.ts';
import type { ImageEntry, Images } from '../../images/images.ts';
import { addAmounts, NOTHING, type Piece, type Place, type Traces } from '../place.ts';

type PicturesOptions = Readonly<{
  name: Extract<PlaceName, 'pictures' | 'waiting_pictures'>;
  images: Images;
  note?: string;
  /** Stored before this moment pictures are too old; undefined where that never comes. */
  cutoff?: (now: Date) => Date | undefined;
}>;

/** Pictures of events, on the disk or in a bucket: those that revisions speak of, and whatever else lies in their folders. */
export function openPicturesPlace({ name, images, note, cutoff }: PicturesOptions): Place {
  return {
    name,
    what: 'pictures',
    ...(note !== undefined && { note }),
    measure: () => addUp(images.list(), ({ key }) => name !== 'pictures' || readLostKey(key) === undefined),
    find: ({ folders }) => addUp(listFolders(images, folders)),
    erase: (traces) => erase(images, traces),
    ...(cutoff && {
      async expired(now: Date) {
        const before = cutoff(now);
        if (!before) return { ...NOTHING, before };
        const isOver = ({ key, storedAt }: ImageEntry) => storedAt < before && eventIdOf(key) !== undefined;
        return { ...(await addUp(images.list(), isOver)), before };
      },
    }),
    read: (event) => readPictures(images, event),
  };
}

async function* listFolders(images: Images, folders: readonly string[]): AsyncGenerator<ImageEntry> {
  for (const folder of folders) yield* images.list(folder);
}

async function addUp(entries: AsyncIterable<ImageEntry>, counts = (_: ImageEntry) => true): Promise<Amount> {
  let sum = NOTHING;
  for await (const entry of entries) if (counts(entry)) sum = addAmounts(sum, { count: 1, bytes: entry.bytes });
  return sum;
}

async function erase(images: Images, { folders, pictures }: Traces): Promise<Amount> {
  const found = await Array.fromAsync(listFolders(images, folders));
  for (const { key } of found) await images.remove(key);
  // A picture that was being written while the folder was listed.
  for (const key of pictures) await images.remove(key);
  return found.reduce((sum, { bytes }) => addAmounts(sum, { count: 1, bytes }), NOTHING);
}

async function readPictures(images: Images, { images: pictures }: PlateEvent): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  for (const [kind, { key }] of Object.entries(pictures ?? {})) {
    const image = await images.get(key);
    if (image) pieces.push({ name: `${kind}${key.slice(key.lastIndexOf('.'))}`, bytes: image.bytes });
  }
  return pieces;
}

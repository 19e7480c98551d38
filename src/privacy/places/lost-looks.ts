import { lostFolder, readLostKey } from '../../contract/lost-look.ts';
import type { ImageEntry, Images } from '../../images/images.ts';
import { addAmounts, NOTHING, type Place, type Traces } from '../place.ts';

type LostLooksOptions = Readonly<{ images: Images; cutoff: (now: Date) => Date | undefined }>;

/** Looks this near to a passage of a plate, at the same camera, may show that plate, milliseconds. */
const NEAR_MS = 60_000;

/** Pictures of plates that nobody could read, a few of each camera: with a plate go those taken within a minute of its passages. */
export function openLostLooksPlace({ images, cutoff }: LostLooksOptions): Place {
  const near = (traces: Traces) => listNear(images, traces);
  return {
    name: 'lost_looks',
    what: 'pictures',
    note: 'Nobody could read these plates; those taken within a minute of a passage of the plate, at the same camera, go with it',
    measure: () => addUp(listAll(images)),
    find: (traces) => addUp(near(traces)),
    async erase(traces) {
      const found = await Array.fromAsync(near(traces));
      for (const { key } of found) await images.remove(key);
      return addUp(found);
    },
    async expired(now) {
      const before = cutoff(now);
      return before ? { ...(await addUp(listAll(images), before)), before } : { ...NOTHING, before };
    },
  };
}

async function* listAll(images: Images): AsyncGenerator<ImageEntry> {
  for await (const entry of images.list()) if (readLostKey(entry.key)) yield entry;
}

async function* listNear(images: Images, { folders }: Traces): AsyncGenerator<ImageEntry> {
  const times = Map.groupBy(folders, (folder) => {
    const [site = '', camera = ''] = folder.split('/');
    return lostFolder({ site, camera });
  });
  for (const [lost, events] of times) {
    for await (const entry of images.list(lost)) {
      const at = readLostKey(entry.key)?.at;
      if (at !== undefined && events.some((folder) => Math.abs(timeOf(folder) - at) <= NEAR_MS)) yield entry;
    }
  }
}

/** An event's id, the last part of its folder, begins with the moment it was made. */
function timeOf(folder: string): number {
  return Number.parseInt(
    folder
      .slice(folder.lastIndexOf('/') + 1)
      .replaceAll('-', '')
      .slice(0, 12),
    16,
  );
}

async function addUp(entries: AsyncIterable<ImageEntry> | Iterable<ImageEntry>, before?: Date) {
  let sum = NOTHING;
  for await (const { bytes, storedAt } of entries)
    if (before === undefined || storedAt < before) sum = addAmounts(sum, { count: 1, bytes });
  return sum;
}

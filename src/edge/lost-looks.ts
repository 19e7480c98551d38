import { encodeJpeg } from '../base/jpeg.ts';
import type { Log } from '../base/log.ts';
import { lostFolder, lostKey } from '../contract/lost-look.ts';
import { PLATE_MARGIN } from '../contract/plate-picture.ts';
import type { Images } from '../images/images.ts';
import { cropImage, growBox } from '../vision/crop.ts';
import type { LostPassage } from '../vision/fuse/passage-book.ts';

/** Looks kept of each camera; older ones go. */
export const KEPT = 20;

/** Of one reason one look in this time is kept, so that the sample is not of a single minute. Milliseconds. */
const SPACING_MS = 60_000;

const QUALITY = 90;

type LostLooksOptions = Readonly<{
  images: Images;
  siteId: string;
  cameraId: string;
  /** Whether the disk has room for more than events. */
  hasRoom: () => Promise<boolean>;
  log: Log;
  now?: () => number;
}>;

/** Keeps a sample of the plates that a camera saw and nobody could read, the newest few, as small pictures in the image store. */
export class LostLooks {
  readonly #options: LostLooksOptions;
  readonly #keptAt = new Map<string, number>();
  #keys: string[] | undefined;
  #keeping: Promise<void> | undefined;

  constructor(options: LostLooksOptions) {
    this.#options = options;
  }

  /** Keeps one of these at most, and none while another is being kept. Never throws. */
  take(lost: readonly LostPassage[]): void {
    const { now = Date.now } = this.#options;
    const isDue = ({ reason, look }: LostPassage) =>
      look !== undefined && now() - (this.#keptAt.get(reason) ?? Number.NEGATIVE_INFINITY) >= SPACING_MS;
    const one = this.#keeping ? undefined : lost.find(isDue);
    if (!one) return;
    this.#keptAt.set(one.reason, now());
    this.#keeping = this.#keep(one)
      .catch((err: unknown) => this.#options.log.warn({ err }, 'a look at a lost plate is not kept'))
      .finally(() => {
        this.#keeping = undefined;
      });
  }

  /** Resolves when nothing is being kept. */
  async settled(): Promise<void> {
    await this.#keeping;
  }

  async #keep({ reason, look }: LostPassage): Promise<void> {
    const { images, siteId: site, cameraId: camera, hasRoom } = this.#options;
    if (!look || !(await hasRoom())) return;
    this.#keys ??= (await Array.fromAsync(images.list(lostFolder({ site, camera })), ({ key }) => key)).toSorted();
    const jpeg = await encodeJpeg(cropImage(look.image, growBox(look.box, PLATE_MARGIN)), QUALITY);
    const { charHeightPx, sharpness, capturedAt: at } = look;
    const key = lostKey({ site, camera }, { at, reason, charHeightPx, sharpness });
    await images.put(key, jpeg, 'image/jpeg');
    this.#keys.push(key);
    for (const old of this.#keys.slice(0, -KEPT)) {
      await images.remove(old);
      this.#keys.shift();
    }
  }
}

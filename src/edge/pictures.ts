import { createHash } from 'node:crypto';
import type { Picture, PlateEvent } from '../contract/plate-event.ts';
import type { Images } from '../images/images.ts';
import type { Sighting } from '../vision/fuse/sighting.ts';
import type { RgbImage } from '../vision/image.ts';
import { cropImage, encodeJpeg, growBox } from './picture.ts';

const QUALITY = { plate: 92, vehicle: 85, frame: 80 } as const;

/** A plate sits low on its vehicle: how much of the surroundings the vehicle picture shows, in plate sizes. */
const VEHICLE_AROUND_PLATE = { left: 1.2, right: 1.2, up: 6, down: 2 };
const PLATE_MARGIN = { left: 0.08, right: 0.08, up: 0.15, down: 0.15 };

/** Where the pictures of one event begin: `site/camera/yyyy/mm/dd/event_id`. */
export function pictureFolder(
  event: Readonly<{ site: string; camera: string; detectedAt: number; id: string }>,
): string {
  const day = new Date(event.detectedAt).toISOString().slice(0, 10).replaceAll('-', '/');
  return [keySegment(event.site), keySegment(event.camera), day, event.id].join('/');
}

/**
 * Stores the plate, its surroundings and the whole frame of the look that the text came from. Keys hold the frame's
 * sequence number: the pictures of an earlier revision stay as they were.
 */
export async function storePictures(options: {
  images: Images;
  folder: string;
  sighting: Sighting;
}): Promise<NonNullable<PlateEvent['images']>> {
  const { best } = options.sighting;
  const whole = { x0: 0, y0: 0, x1: best.image.width, y1: best.image.height };
  const store = async (name: keyof typeof QUALITY, picture: RgbImage): Promise<Picture> => {
    const bytes = await encodeJpeg(picture, QUALITY[name]);
    const key = `${options.folder}/${best.sequence}-${name}.jpg`;
    await options.images.put(key, bytes, 'image/jpeg');
    return { key, sha256: createHash('sha256').update(bytes).digest('hex'), w: picture.width, h: picture.height };
  };
  const [plate, vehicle, frame] = await Promise.all([
    store('plate', cropImage(best.image, growBox(best.box, PLATE_MARGIN))),
    store('vehicle', cropImage(best.image, growBox(best.box, VEHICLE_AROUND_PLATE))),
    store('frame', cropImage(best.image, whole)),
  ]);
  return { plate, vehicle, frame };
}

function keySegment(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '-');
}

import { createHash } from 'node:crypto';
import { encodeJpeg } from '../base/jpeg.ts';
import type { Picture, PlateEvent } from '../contract/plate-event.ts';
import { PLATE_MARGIN } from '../contract/plate-picture.ts';
import type { Images } from '../images/images.ts';
import type { Box } from '../vision/box.ts';
import { cropImage, growBox } from '../vision/crop.ts';
import type { Sighting } from '../vision/fuse/sighting.ts';
import type { RgbImage } from '../vision/image.ts';

const QUALITY = { plate: 92, vehicle: 85, frame: 80 } as const;

/** Without a vehicle: how much around the plate the vehicle picture shows, in plate sizes; plates sit low. */
const VEHICLE_AROUND_PLATE = { left: 1.2, right: 1.2, up: 6, down: 2 };
const VEHICLE_MARGIN = { left: 0.04, right: 0.04, up: 0.04, down: 0.04 };

/**
 * Stores the plate, its surroundings and the whole frame that the text came from. Keys contain the frame's sequence
 * number, so the pictures of an earlier revision stay unchanged.
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
    store('vehicle', cropImage(best.image, frameVehicle(best))),
    store('frame', cropImage(best.image, whole)),
  ]);
  return { plate, vehicle, frame };
}

/** What the vehicle picture shows: the vehicle found around the plate, or the plate's surroundings. */
function frameVehicle({ box, vehicleBox }: Sighting['best']): Box {
  return vehicleBox ? growBox(vehicleBox, VEHICLE_MARGIN) : growBox(box, VEHICLE_AROUND_PLATE);
}

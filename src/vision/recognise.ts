import type { Quad } from './box.ts';
import type { Detector } from './detect/detector.ts';
import { findVehicle } from './detect/find-vehicle.ts';
import type { Detection } from './detection.ts';
import { measureIou, toQuad } from './geometry.ts';
import type { Image } from './image.ts';
import { RECOGNISE_DEFAULTS, type RecogniseOptions } from './options.ts';
import { type Legibility, measureLegibility } from './read/legibility.ts';
import type { Reader } from './read/reader.ts';
import type { Reading } from './read/reading.ts';

const SAME_PLATE_IOU = 0.3;

/** One plate of a single picture. */
export type Recognition = Readonly<{
  detection: Detection;
  corners: Quad;
  reading: Reading;
  legibility: Legibility;
  /** The vehicle around the plate, where one was found. */
  vehicle?: Detection;
}>;

/** What {@link recognisePicture} works with. */
export type RecogniseParts = Readonly<{
  detector: Detector;
  reader: Reader;
  image: Image;
  options?: Partial<RecogniseOptions>;
}>;

/**
 * All plates of one picture, ranked by detector score times reader confidence; what falls below the options is left out. Where
 * nothing is read well the picture is looked at again: at half the size for plates that fill it, then at twice for small ones.
 */
export async function recognisePicture(parts: RecogniseParts): Promise<readonly Recognition[]> {
  const options = { ...RECOGNISE_DEFAULTS, ...parts.options };
  const found = await readPlates(parts, options);
  if (found.some((recognition) => rate(recognition) >= options.retryBelow)) return keepWorthy(found, options);
  const smaller = await readPlates(parts, options, 0.5);
  const all = [...found, ...smaller];
  if (smaller.some((recognition) => rate(recognition) >= options.retryBelow)) return keepWorthy(all, options);
  return keepWorthy([...all, ...(await readPlates(parts, options, 2))], options);
}

async function readPlates(
  { detector, reader, image }: RecogniseParts,
  options: RecogniseOptions,
  zoom?: 0.5 | 2,
): Promise<readonly Recognition[]> {
  const detections = await detector.detect(zoom ? { image, zoom } : { image });
  const plates = detections
    .filter((detection) => detection.class === 'plate' && detection.score >= options.minScore)
    .slice(0, options.maxPlates);
  const looks = plates.map((detection) => {
    const corners = detection.corners ?? toQuad(detection.box);
    return { image, corners, plate: reader.rectify(image, corners) };
  });
  const readings = await reader.read(looks);
  return plates.map((detection, index) => {
    const { corners, plate } = looks[index];
    const reading = readings[index];
    const vehicle = findVehicle(detection.box, detections);
    const seen = { detection, corners, reading, legibility: measureLegibility(plate, corners, reading.lines) };
    return vehicle ? { ...seen, vehicle } : seen;
  });
}

/** Best first; of two looks at one plate the better stays. */
function keepWorthy(found: readonly Recognition[], options: RecogniseOptions): readonly Recognition[] {
  const kept: Recognition[] = [];
  for (const recognition of found.toSorted((a, b) => rate(b) - rate(a))) {
    const { detection, reading } = recognition;
    const known = kept.some((other) => measureIou(other.detection.box, detection.box) > SAME_PLATE_IOU);
    if (!known && isWorthKeeping(detection.score, reading, options)) kept.push(recognition);
  }
  return kept;
}

function isWorthKeeping(
  score: number,
  { text, confidence, stated = confidence }: Reading,
  options: RecogniseOptions,
): boolean {
  return text.length >= options.minLength && stated >= options.minConfidence && score * stated >= options.minProduct;
}

function rate({ detection, reading }: Recognition): number {
  return detection.score * (reading.stated ?? reading.confidence);
}

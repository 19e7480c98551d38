import type { Quad } from './box.ts';
import type { Detector } from './detect/detector.ts';
import { findVehicle } from './detect/find-vehicle.ts';
import type { Detection } from './detection.ts';
import { measureIou, measureQuad, toQuad } from './geometry.ts';
import type { Image } from './image.ts';
import { RECOGNISE_DEFAULTS, type RecogniseOptions } from './options/recognise.ts';
import { type Legibility, measureLegibility } from './read/legibility.ts';
import { isLettering } from './read/lettering.ts';
import type { Reader } from './read/reader.ts';
import type { Reading } from './read/reading.ts';
import { isWhole, trust } from './read/wholeness.ts';
import { leaveLetteringOut } from './relations.ts';

const SAME_PLATE_IOU = 0.3;
/** A plate lower than this many pixels says nothing: of 119 in photographs of training sets none gave a text that is reported. */
const LEAST_HEIGHT = 7;

/** One plate of a single picture. */
export type Recognition = Readonly<{
  detection: Detection;
  corners: Quad;
  reading: Reading;
  /** Measured when it is asked for. */
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
  /** Told how many plates are left unread because there are more than `maxPlates`. */
  onLeftOut?: ((count: number) => void) | undefined;
}>;

/**
 * All plates of one picture, ranked by detector score times reader confidence; what falls below the options is left out.
 *
 * What the detector is sure of is read first. Where none of it is read well, what it doubts is read too (beside a sure plate 448 of
 * 460 doubtful ones were none, on held-out photographs), then the picture is looked at again: at half the size for plates that
 * fill it, then at twice for small ones. That look goes where the first one saw something: all 282 plates of det-ro-dashcam that can be
 * read at twice the size had a score of 0.35 or more at the usual one. A plate that is doubtful even at twice the size is not read.
 */
export async function recognisePicture(parts: RecogniseParts): Promise<readonly Recognition[]> {
  const options = { ...RECOGNISE_DEFAULTS, ...parts.options };
  const isRead = (recognitions: readonly Recognition[]) =>
    recognitions.some((recognition) => rate(recognition) >= options.retryBelow);
  const { detector, image } = parts;
  const detections = await detector.detect({ image });
  const plates = detections.filter((detection) => isReadable(detection, options.minScore));
  const sure = plates.filter(({ score }) => score >= detector.highScore);
  if (sure.length > options.maxPlates) parts.onLeftOut?.(sure.length - options.maxPlates);
  const found = [...(await readPlates(parts, sure.slice(0, options.maxPlates), detections))];
  if (isRead(found)) return leaveLetteringOut(keepWorthy(found, options), image);
  const doubtful = plates.slice(sure.length, options.maxPlates);
  found.push(...(await readPlates(parts, doubtful, detections)));
  for (const zoom of [0.5, 2] as const) {
    if (isRead(found)) break;
    const again = await detector.detect({ image, zoom, ...(zoom > 1 && { near: plates.map(({ box }) => box) }) });
    const least = zoom > 1 ? Math.max(detector.highScore, options.minScore) : options.minScore;
    const others = again.filter((detection) => isReadable(detection, least));
    found.push(...(await readPlates(parts, others.slice(0, options.maxPlates), again)));
  }
  return leaveLetteringOut(keepWorthy(found, options), image);
}

function isReadable(detection: Detection, minScore: number): boolean {
  const { class: name, score } = detection;
  return name === 'plate' && score >= minScore && measureQuad(findCorners(detection)).height >= LEAST_HEIGHT;
}

function findCorners({ corners, box }: Detection): Quad {
  return corners ?? toQuad(box);
}

async function readPlates(
  { reader, image }: RecogniseParts,
  plates: readonly Detection[],
  detections: readonly Detection[],
): Promise<readonly Recognition[]> {
  const looks = plates.map((detection) => {
    const corners = findCorners(detection);
    return { image, corners, plate: reader.rectify(image, corners) };
  });
  const readings = await reader.read(looks);
  return plates.map((detection, index) => {
    const { corners, plate } = looks[index];
    const reading = trust(readings[index], isWhole(image, detection.box, corners));
    const vehicle = findVehicle(detection.box, detections);
    return {
      ...{ detection, corners, reading, ...(vehicle && { vehicle }) },
      get legibility() {
        return measureLegibility(plate, corners, reading.lines);
      },
    };
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

function isWorthKeeping(score: number, reading: Reading, options: RecogniseOptions): boolean {
  const { text, confidence, stated = confidence } = reading;
  if (isLettering(reading, options.minReadable)) return false;
  return text.length >= options.minLength && stated >= options.minConfidence && score * stated >= options.minProduct;
}

function rate({ detection, reading }: Recognition): number {
  return detection.score * (reading.stated ?? reading.confidence);
}

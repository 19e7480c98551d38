import type { Quad } from './box.ts';
import type { Detection } from './detection.ts';
import { findCentre, measureIou, measureQuad } from './geometry.ts';
import type { Image } from './image.ts';
import type { Reading } from './read/reading.ts';

/** What is known of a text: how surely it is read, whether a numbering explains it, and its height in pixels. */
export type Lettering = Readonly<{
  text: string;
  confidence: number;
  matchesFormat?: boolean | undefined;
  height: number;
}>;

/** A text in a picture, on its vehicle if there is one around it. */
export type Found = Readonly<{
  detection: Detection;
  corners: Quad;
  reading: Pick<Reading, 'text' | 'confidence' | 'matchesFormat'>;
  vehicle?: Detection | undefined;
}>;

/** A second plate of a vehicle, as of a trailer, is at least this high in heights of the first; that of a car behind it may be as small. */
const SECOND_HEIGHT = 1 / 3;
/** Nothing that is less high than this, in heights of a text with digits, is the plate beside which that would be lettering. */
const FIRST_HEIGHT = 0.6;
/** A second plate of a vehicle must be read this surely. */
const SECOND_SURE = 0.5;
/** Boxes that overlap more are one vehicle. */
const SAME_VEHICLE_IOU = 0.5;
/** Share of the picture's height, at its upper and lower edge, in which cameras write. */
const WRITTEN = 0.1;

/**
 * What is left of the texts of one picture without lettering: a vehicle has one plate unless a second one is as clear, and text at
 * the edge on no vehicle is of the camera where plates are on vehicles. On 3,130 photographs of training sets this removes 25 texts, of
 * which one is a plate, read wrong.
 */
export function leaveLetteringOut<Plate extends Found>(
  found: readonly Plate[],
  picture: Pick<Image, 'width' | 'height'>,
): readonly Plate[] {
  const areOnVehicles = found.some(({ vehicle }) => vehicle !== undefined);
  return found.filter((one) => {
    if (!one.vehicle) return !areOnVehicles || !isAtEdge(one.detection, picture);
    return !found.some((other) => sharesVehicle(one, other) && isBeside(describe(one), describe(other)));
  });
}

function sharesVehicle(one: Found, other: Found): boolean {
  if (one === other || !one.vehicle || !other.vehicle) return false;
  return measureIou(one.vehicle.box, other.vehicle.box) > SAME_VEHICLE_IOU;
}

/** Whether a text is rather lettering on a vehicle than a second plate beside the first one. */
export function isBeside(one: Lettering, first: Lettering): boolean {
  const isWord = one.matchesFormat === false && !/\d/.test(one.text);
  const isSecond = !isWord && one.confidence >= SECOND_SURE;
  if (rankBySureness(one, first) <= 0 || (isSecond && one.height >= SECOND_HEIGHT * first.height)) return false;
  return first.height >= FIRST_HEIGHT * one.height || isWord;
}

/** First what fits a numbering, then what is read more surely. */
function rankBySureness(a: Lettering, b: Lettering): number {
  return Number(b.matchesFormat ?? false) - Number(a.matchesFormat ?? false) || b.confidence - a.confidence;
}

function describe({ reading, corners }: Found): Lettering {
  return { ...reading, height: measureQuad(corners).height };
}

function isAtEdge({ box }: Detection, { height }: Pick<Image, 'height'>): boolean {
  const place = findCentre(box).y / height;
  return Math.min(place, 1 - place) < WRITTEN;
}

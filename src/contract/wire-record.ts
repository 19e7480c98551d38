import { AlprError } from '../base/errors.ts';
import type { PlateEvent } from './plate-event.ts';

/** Parts of a whole in which probabilities, pixels and milliseconds of work stand on the wire. */
export const SCALES = { probability: 100_000, pixels: 10, milliseconds: 100 } as const;

/** An event as `plate-event.avsc` has it: bytes for ids and hashes, milliseconds for times, whole numbers of small units. */
export type WireRecord = ReturnType<typeof toWireRecord>;

/** The event as `plate-event.avsc` has it; more decimals than the wire keeps are rounded to the nearest. */
export function toWireRecord(event: PlateEvent) {
  const { time, plate, vehicle, motion, images, processing, review } = event;
  return {
    ...event,
    event_id: Buffer.from(event.event_id.replaceAll('-', ''), 'hex'),
    detected_at: Date.parse(event.detected_at),
    time: {
      first_seen: Date.parse(time.first_seen),
      best: Date.parse(time.best),
      last_seen: Date.parse(time.last_seen),
      published: Date.parse(time.published),
    },
    plate: toPlate(plate),
    vehicle: { ...vehicle, confidence: toShareOrNull(vehicle.confidence) },
    motion: {
      ...motion,
      direction_deg: motion.direction_deg === null ? null : toPixels(motion.direction_deg),
      path: motion.path.map(toPoint),
      crossings: motion.crossings?.map((one) => ({ ...one, at: Date.parse(one.at) })) ?? null,
      zones: motion.zones ?? null,
    },
    images: images && toImages(images),
    processing: {
      ...processing,
      detect_ms: toCost(processing.detect_ms),
      read_ms: toCost(processing.read_ms),
      shadow: processing.shadow ? { ...processing.shadow, confidence: toShare(processing.shadow.confidence) } : null,
    },
    review: review && {
      ...review,
      at: Date.parse(review.at),
      by_id: review.by_id ?? null,
      action: review.action ?? null,
      into: review.into ?? null,
      of: review.of ?? null,
    },
  };
}

function toPlate(plate: PlateEvent['plate']) {
  const [[x, y, w, h], [tl, tr, br, bl]] = [plate.bbox, plate.quad];
  if (!tl || !tr || !br || !bl) throw new AlprError('EVENT_INVALID', 'Expected the four corners of a plate');
  return {
    ...plate,
    confidence: toShare(plate.confidence),
    chars: plate.chars.map(({ c, p, alt }) => ({ c, p: toShare(p), alt: alt.map(toChar) })),
    candidates: plate.candidates.map(({ text, p }) => ({ text, p: toShare(p) })),
    region_confidence: toShareOrNull(plate.region_confidence),
    matches_format: plate.matches_format ?? null,
    complete: plate.complete ?? null,
    unread_characters: plate.unread_characters ?? null,
    bbox: { x: toPixels(x), y: toPixels(y), w: toPixels(w), h: toPixels(h) },
    quad: {
      x0: toPixels(tl[0]),
      y0: toPixels(tl[1]),
      x1: toPixels(tr[0]),
      y1: toPixels(tr[1]),
      x2: toPixels(br[0]),
      y2: toPixels(br[1]),
      x3: toPixels(bl[0]),
      y3: toPixels(bl[1]),
    },
    char_height_px: toPixels(plate.char_height_px),
    sharpness: toShare(plate.sharpness),
  };
}

type Images = NonNullable<PlateEvent['images']>;

function toChar({ c, p }: Readonly<{ c: string; p: number }>) {
  return { c, p: toShare(p) };
}

function toPoint({ t, x, y, w, h }: PlateEvent['motion']['path'][number]) {
  return { t: Math.round(t), x: toPixels(x), y: toPixels(y), w: toPixels(w), h: toPixels(h) };
}

/** The folder that the three keys share is written once. */
function toImages({ plate, vehicle, frame }: Images) {
  const folder = findFolder([plate.key, vehicle.key, frame.key]);
  const cut = ({ key, sha256, w, h }: Images['plate']) => ({
    name: key.slice(folder.length),
    sha256: Buffer.from(sha256, 'hex'),
    w,
    h,
  });
  return { folder, plate: cut(plate), vehicle: cut(vehicle), frame: cut(frame) };
}

function findFolder([first = '', ...others]: readonly string[]): string {
  const folder = first.slice(0, first.lastIndexOf('/') + 1);
  return others.every((key) => key.startsWith(folder)) ? folder : '';
}

function toShare(value: number): number {
  return Math.round(value * SCALES.probability);
}

function toShareOrNull(value: number | null): number | null {
  return value === null ? null : toShare(value);
}

function toPixels(value: number): number {
  return Math.round(value * SCALES.pixels);
}

function toCost(value: number): number {
  return Math.round(value * SCALES.milliseconds);
}

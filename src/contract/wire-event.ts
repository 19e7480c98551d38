import type { PlateEvent } from './plate-event.ts';
import { SCALES, type WireRecord } from './wire-record.ts';

/**
 * The event of a record that was read with `plate-event.avsc`. Types are the schema's to see to; what the schema cannot
 * say (ranges, lengths) is left to the caller.
 */
export function fromWireRecord(record: WireRecord): PlateEvent {
  const { time, plate, vehicle, motion, images, processing, review } = record;
  return {
    schema_version: record.schema_version,
    event_id: formatId(record.event_id),
    revision: record.revision,
    status: record.status,
    detected_at: formatTime(record.detected_at),
    site_id: record.site_id,
    camera_id: record.camera_id,
    camera_name: record.camera_name,
    source: record.source,
    time: {
      first_seen: formatTime(time.first_seen),
      best: formatTime(time.best),
      last_seen: formatTime(time.last_seen),
      published: formatTime(time.published),
    },
    track_id: record.track_id,
    frames_read: record.frames_read,
    reads_agreeing: record.reads_agreeing,
    frames_rejected: record.frames_rejected,
    plate: fromPlate(plate),
    vehicle: { detected: vehicle.detected, type: vehicle.type, confidence: fromShareOrNull(vehicle.confidence) },
    motion: {
      direction_deg: motion.direction_deg === null ? null : fromPixels(motion.direction_deg),
      stationary: motion.stationary,
      dwell_ms: motion.dwell_ms,
      path: motion.path.map(fromPoint),
      crossings: motion.crossings?.map(({ line, direction, at }) => ({ line, direction, at: formatTime(at) })) ?? null,
      zones: motion.zones?.map(({ zone, dwell_ms }) => ({ zone, dwell_ms })) ?? null,
    },
    images: images && fromImages(images),
    processing: {
      detect_ms: processing.detect_ms / SCALES.milliseconds,
      read_ms: processing.read_ms / SCALES.milliseconds,
      provider: processing.provider,
      version: processing.version,
      shadow: processing.shadow && {
        model: processing.shadow.model,
        text: processing.shadow.text,
        confidence: fromShare(processing.shadow.confidence),
      },
    },
    review: review && { ...review, at: formatTime(review.at) },
  };
}

function fromPlate(plate: WireRecord['plate']): PlateEvent['plate'] {
  const { bbox, quad } = plate;
  return {
    text_raw: plate.text_raw,
    text_normalized: plate.text_normalized,
    confidence: fromShare(plate.confidence),
    chars: plate.chars.map(({ c, p, alt }) => ({ c, p: fromShare(p), alt: alt.map(fromChar) })),
    candidates: plate.candidates.map(({ text, p }) => ({ text, p: fromShare(p) })),
    region: plate.region,
    region_confidence: fromShareOrNull(plate.region_confidence),
    matches_format: plate.matches_format,
    complete: plate.complete,
    unread_characters: plate.unread_characters,
    lines: plate.lines,
    bbox: [fromPixels(bbox.x), fromPixels(bbox.y), fromPixels(bbox.w), fromPixels(bbox.h)],
    quad: [
      [fromPixels(quad.x0), fromPixels(quad.y0)],
      [fromPixels(quad.x1), fromPixels(quad.y1)],
      [fromPixels(quad.x2), fromPixels(quad.y2)],
      [fromPixels(quad.x3), fromPixels(quad.y3)],
    ],
    char_height_px: fromPixels(plate.char_height_px),
    sharpness: fromShare(plate.sharpness),
    detector_model: plate.detector_model,
    ocr_model: plate.ocr_model,
  };
}

function fromChar({ c, p }: Readonly<{ c: string; p: number }>) {
  return { c, p: fromShare(p) };
}

function fromPoint({ t, x, y, w, h }: WireRecord['motion']['path'][number]) {
  return { t, x: fromPixels(x), y: fromPixels(y), w: fromPixels(w), h: fromPixels(h) };
}

function fromImages({ folder, plate, vehicle, frame }: NonNullable<WireRecord['images']>): PlateEvent['images'] {
  const join = ({ name, sha256, w, h }: typeof plate) => ({ key: folder + name, sha256: sha256.toString('hex'), w, h });
  return { plate: join(plate), vehicle: join(vehicle), frame: join(frame) };
}

function formatId(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function fromShare(share: number): number {
  return share / SCALES.probability;
}

function fromShareOrNull(share: number | null): number | null {
  return share === null ? null : fromShare(share);
}

function fromPixels(tenths: number): number {
  return tenths / SCALES.pixels;
}

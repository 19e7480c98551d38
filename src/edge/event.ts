import type { PlateEvent } from '../contract/plate-event.ts';
import { normalizePlate } from '../contract/plate-text.ts';
import type { Sighting } from '../vision/fuse/sighting.ts';
import { findCrossings, type Markings, measureStays } from '../vision/markings.ts';

/** What the edge knows of an event beyond its Sighting. */
export type EventContext = Readonly<{
  eventId: string;
  revision: number;
  /** `edge` unless said. */
  source?: PlateEvent['source'];
  siteId: string;
  cameraName: string;
  /** What is drawn on the picture of the camera. */
  markings: Markings;
  detectorModel: string;
  ocrModel: string;
  provider: string;
  version: string;
  /** Milliseconds since the epoch. */
  publishedAt: number;
  images: PlateEvent['images'];
}>;

/** A Sighting made public. */
export function createPlateEvent(sighting: Sighting, context: EventContext): PlateEvent {
  return {
    schema_version: 1,
    event_id: context.eventId,
    revision: context.revision,
    status: sighting.status,
    detected_at: iso(sighting.firstSeenAt),
    site_id: context.siteId,
    camera_id: sighting.cameraId,
    camera_name: context.cameraName,
    source: context.source ?? 'edge',
    time: {
      first_seen: iso(sighting.firstSeenAt),
      best: iso(sighting.bestAt),
      last_seen: iso(sighting.lastSeenAt),
      published: iso(context.publishedAt),
    },
    track_id: `${sighting.cameraId}/${sighting.passageId}`.slice(-64),
    frames_read: sighting.framesRead,
    reads_agreeing: sighting.readsAgreeing,
    frames_rejected: sighting.framesRejected,
    plate: createPlate(sighting, context),
    vehicle: createVehicle(sighting),
    motion: createMotion(sighting, context.markings),
    images: context.images,
    processing: {
      detect_ms: round(sighting.timings.detectMs, 2),
      read_ms: round(sighting.timings.readMs, 2),
      provider: context.provider,
      version: context.version,
      shadow: createShadow(sighting),
    },
    review: null,
  };
}

function createPlate(sighting: Sighting, context: EventContext): PlateEvent['plate'] {
  const { best } = sighting;
  return {
    text_raw: sighting.seen ?? sighting.text,
    text_normalized: normalizePlate(sighting.text),
    confidence: probability(sighting.confidence),
    chars: sighting.chars.map((distribution) => ({
      c: distribution[0]?.char ?? '',
      p: probability(distribution[0]?.p ?? 0),
      alt: distribution.slice(1, 9).map(({ char, p }) => ({ c: char, p: probability(p) })),
    })),
    candidates: sighting.candidates.slice(0, 10).map(({ text, p }) => ({ text, p: probability(p) })),
    region: sighting.region?.code ?? null,
    region_confidence: sighting.region ? probability(sighting.region.score) : null,
    matches_format: sighting.matchesFormat ?? null,
    complete: sighting.complete ?? null,
    unread_characters: sighting.hasUnread ?? null,
    lines: sighting.lines,
    bbox: [
      round(best.box.x0, 1),
      round(best.box.y0, 1),
      round(best.box.x1 - best.box.x0, 1),
      round(best.box.y1 - best.box.y0, 1),
    ],
    quad: best.corners.map(({ x, y }): [number, number] => [round(x, 1), round(y, 1)]),
    char_height_px: round(best.charHeightPx, 1),
    sharpness: probability(best.sharpness),
    detector_model: context.detectorModel,
    ocr_model: context.ocrModel,
  };
}

function createShadow({ shadow }: Sighting): PlateEvent['processing']['shadow'] {
  if (!shadow) return null;
  const { model, text, confidence } = shadow;
  return { model, text: normalizePlate(text).slice(0, 24), confidence: probability(confidence) };
}

function createVehicle({ vehicle }: Sighting): PlateEvent['vehicle'] {
  if (!vehicle) return { detected: false, type: null, confidence: null };
  return { detected: true, type: vehicle.class, confidence: probability(vehicle.score) };
}

/** As many as an event holds. */
const MOST = 32;

function createMotion(sighting: Sighting, { lines, zones }: Markings): PlateEvent['motion'] {
  const { way, best, firstSeenAt } = sighting;
  const [first, last] = [sighting.path[0], sighting.path.at(-1)];
  const moved = first && last && Math.hypot(last.x - first.x, last.y - first.y) > last.w / 4;
  const degrees = moved ? (Math.atan2(last.y - first.y, last.x - first.x) * 180) / Math.PI : null;
  return {
    direction_deg: degrees === null ? null : round((degrees + 360) % 360, 0),
    stationary: sighting.stationary,
    dwell_ms: Math.max(0, Math.round(sighting.lastSeenAt - sighting.firstSeenAt)),
    path: sighting.path.map(({ t, x, y, w, h }) => ({
      t: Math.round(t),
      x: round(x, 1),
      y: round(y, 1),
      w: round(w, 1),
      h: round(h, 1),
    })),
    crossings:
      lines.length === 0
        ? null
        : findCrossings(way, lines, best.image)
            .slice(0, MOST)
            .map(({ line, direction, t }) => ({ line, direction, at: iso(Math.round(firstSeenAt + t)) })),
    zones:
      zones.length === 0
        ? null
        : measureStays(way, zones, best.image).map(({ zone, dwellMs }) => ({ zone, dwell_ms: Math.round(dwellMs) })),
  };
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

function probability(value: number): number {
  return Math.min(1, Math.max(0, round(value, 5)));
}

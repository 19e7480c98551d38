import { randomUUIDv7 } from 'node:crypto';
import type { PlateEvent } from '../../src/contract/plate-event.ts';

/** The same with every field that Avro fills in, so that it comes back from the wire exactly as it was. */
export function createWireEvent(given: Parameters<typeof createEvent>[0]): PlateEvent {
  const event = createEvent(given);
  return {
    ...event,
    plate: { ...event.plate, matches_format: null, complete: null, unread_characters: null },
    motion: { ...event.motion, crossings: null, zones: null },
    processing: { ...event.processing, shadow: null },
  };
}

/** A plausible final event with the given particulars, for tests. */
export function createEvent(given: {
  id?: string;
  text?: string;
  confidence?: number;
  camera?: string;
  at?: string;
  revision?: number;
  status?: PlateEvent['status'];
}): PlateEvent {
  const { text = 'AB12CDE', confidence = 0.97, camera = 'gate', at = '2026-03-01T12:00:00.000Z' } = given;
  return {
    schema_version: 1,
    event_id: given.id ?? randomUUIDv7(),
    revision: given.revision ?? 1,
    status: given.status ?? 'final',
    detected_at: at,
    site_id: 'home',
    camera_id: camera,
    camera_name: 'Gate',
    source: 'edge',
    time: { first_seen: at, best: at, last_seen: at, published: at },
    track_id: `${camera}/1`,
    frames_read: 7,
    reads_agreeing: 6,
    frames_rejected: { blur: 1 },
    plate: {
      text_raw: text,
      text_normalized: text,
      confidence,
      chars: [...text].map((c) => ({ c, p: 0.99, alt: [] })),
      candidates: [{ text, p: confidence }],
      region: null,
      region_confidence: null,
      lines: 1,
      bbox: [600, 400, 120, 30],
      quad: [
        [600, 400],
        [720, 400],
        [720, 430],
        [600, 430],
      ],
      char_height_px: 21,
      sharpness: 0.8,
      detector_model: 'alpr-detect@0123456789ab',
      ocr_model: 'alpr-read@0123456789ab',
    },
    vehicle: { detected: false, type: null, confidence: null },
    motion: { direction_deg: null, stationary: false, dwell_ms: 1800, path: [] },
    images: null,
    processing: { detect_ms: 20, read_ms: 3, provider: 'cpu', version: '0.1.0' },
    review: null,
  };
}

import { randomBytes } from 'node:crypto';
import type { PlateEvent } from '../../src/contract/plate-event.ts';

type Wanted = Readonly<{
  text?: string;
  camera?: string;
  /** Milliseconds since the epoch. */
  at?: number;
  id?: string;
  revision?: number;
  status?: PlateEvent['status'];
  confidence?: number;
  candidates?: readonly string[];
}>;

/** A whole, valid event that says what a test needs; the rest is plain. */
export function makeEvent(wanted: Wanted = {}): PlateEvent {
  const at = wanted.at ?? Date.now();
  const moment = new Date(at).toISOString();
  const text = wanted.text ?? 'AB12CDE';
  const confidence = wanted.confidence ?? 0.9;
  const camera = wanted.camera ?? 'cam-1';
  const others = (wanted.candidates ?? []).map((one) => ({ text: one, p: 0.05 }));
  return {
    schema_version: 1,
    event_id: wanted.id ?? makeUuid7(at),
    revision: wanted.revision ?? 1,
    status: wanted.status ?? 'final',
    detected_at: moment,
    site_id: 'home',
    camera_id: camera,
    camera_name: `Camera ${camera}`,
    source: 'edge',
    time: { first_seen: moment, best: moment, last_seen: moment, published: moment },
    track_id: '1',
    frames_read: 4,
    reads_agreeing: 3,
    frames_rejected: { blurred: 1 },
    plate: {
      text_raw: text,
      text_normalized: text,
      confidence,
      chars: [...text].map((c) => ({ c, p: confidence, alt: [] })),
      candidates: [{ text, p: confidence }, ...others],
      region: null,
      region_confidence: null,
      lines: 1,
      bbox: [10, 20, 100, 30],
      quad: [
        [10, 20],
        [110, 20],
        [110, 50],
        [10, 50],
      ],
      char_height_px: 22,
      sharpness: 0.8,
      detector_model: 'alpr-detect@0123456789ab',
      ocr_model: 'alpr-read@0123456789ab',
    },
    vehicle: { detected: false, type: null, confidence: null },
    motion: { direction_deg: 90, stationary: false, dwell_ms: 1200, path: [{ t: 0, x: 10, y: 20, w: 100, h: 30 }] },
    images: null,
    processing: { detect_ms: 12, read_ms: 4, provider: 'cpu', version: '0.1.0' },
    review: null,
  };
}

/** A UUID of version 7 (RFC 9562): 48 bits of milliseconds, the rest random. */
function makeUuid7(at: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(at, 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

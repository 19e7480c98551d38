import { crc32 } from 'node:zlib';
import type { PlateEvent } from '../contract/plate-event.ts';

/** Pictures that go along, JPEG. */
type Pictures = Readonly<{ plate?: Uint8Array; vehicle?: Uint8Array }>;

/**
 * An event as Rekor Scout (formerly OpenALPR) sends a group of reads of one vehicle to a webhook: `alpr_group`, version 2
 * (https://docs.rekor.ai/scout/application-integration/json-group-results). Confidences are percentages. Cameras have numbers there: the CRC-32 of the id, whose
 * words are in `web_server_config`. Make, model and colour are unknown here, so their lists are empty.
 */
export function encodeRekor(event: PlateEvent, pictures: Pictures = {}): object {
  const { plate, time, motion, vehicle, images, processing } = event;
  const [x, y, w, h] = plate.bbox;
  const candidates = plate.candidates.map(({ text, p }) => encodeText(text, p, plate));
  const best = encodeText(plate.text_normalized, plate.confidence, plate);
  const region = { region: plate.region ?? '', region_confidence: percent(plate.region_confidence ?? 0) };
  const began = Date.parse(time.first_seen);
  // Of a place theirs has the corner, an event the centre.
  const path = motion.path.map(({ t, x, y, w, h }) => ({ x: x - w / 2, y: y - h / 2, w, h, t: Math.round(t), f: 0 }));
  return {
    data_type: 'alpr_group',
    version: 2,
    epoch_start: began,
    epoch_end: Date.parse(time.last_seen),
    frame_start: 0,
    frame_end: 0,
    company_id: '',
    agent_uid: event.site_id,
    agent_version: processing.version,
    agent_type: 'ovr-alpr',
    camera_id: crc32(event.camera_id),
    gps_latitude: 0,
    gps_longitude: 0,
    country: plate.region?.split('-')[0] ?? '',
    uuids: [event.event_id],
    best_uuid: event.event_id,
    best_uuid_epoch_ms: Date.parse(time.best),
    plate_indexes: [0],
    candidates,
    best_plate: {
      ...best,
      ...region,
      plate_index: 0,
      processing_time_ms: processing.read_ms,
      requested_topn: candidates.length,
      coordinates: plate.quad.map(([x, y]) => ({ x: Math.round(x), y: Math.round(y) })),
      plate_crop_jpeg: base64(pictures.plate),
      vehicle_region: { x: 0, y: 0, width: 0, height: 0 },
      vehicle_detected: vehicle.detected,
      candidates,
    },
    best_plate_number: best.plate,
    best_confidence: best.confidence,
    best_region: region.region,
    best_region_confidence: region.region_confidence,
    matches_template: plate.matches_format ?? false,
    best_image_width: images?.frame.w ?? 0,
    best_image_height: images?.frame.h ?? 0,
    plate_path: path.length > 0 ? path : [{ x, y, w, h, t: 0, f: 0 }],
    vehicle_path: [],
    vehicle_crop_jpeg: base64(pictures.vehicle),
    overview_jpeg: '',
    vehicle_signature: '',
    travel_direction: toHeading(motion.direction_deg),
    direction_of_travel_id: 0,
    is_parked: motion.stationary,
    is_preview: event.status === 'provisional',
    vehicle: {
      color: [],
      make: [],
      make_model: [],
      year: [],
      orientation: [],
      body_type: vehicle.type === null ? [] : [{ name: vehicle.type, confidence: percent(vehicle.confidence ?? 0) }],
    },
    web_server_config: { camera_label: event.camera_name, agent_label: event.site_id },
    custom_data: '',
  };
}

function encodeText(text: string, p: number, { matches_format: matches }: PlateEvent['plate']) {
  return { plate: text, confidence: percent(p), matches_template: matches ? 1 : 0 };
}

/** Theirs are clockwise from the top of the picture; in an event 0 is to the right. */
function toHeading(degrees: number | null): number {
  return degrees === null ? 0 : (degrees + 90) % 360;
}

function percent(share: number): number {
  return Math.round(share * 1e5) / 1000;
}

function base64(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes).toString('base64');
}

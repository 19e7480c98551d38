import type { ReadAnswer } from '../contract/api/read.ts';
import type { Snapshot } from '../contract/api/read-foreign.ts';
import type { PlateEvent } from '../contract/plate-event.ts';

/** What they call the vehicles that are told apart here. */
const VEHICLES: Readonly<Record<string, string>> = {
  car: 'Car',
  truck: 'Big Truck',
  bus: 'Bus',
  motorcycle: 'Motorcycle',
};

/** Higher than anybody's number of calls: their clients subtract. */
const NO_LIMIT = 1_000_000_000;

type Told = Readonly<{ cameraId: string | undefined; timestamp: string; calls: number }>;

/**
 * What was read of one picture as Plate Recognizer's Snapshot API answers
 * (https://guides.platerecognizer.com/docs/snapshot/api-reference): plates in lower case, boxes by their corners.
 */
export function encodeSnapshot({ plates, took_ms: took }: ReadAnswer, { cameraId, timestamp, calls }: Told): Snapshot {
  return {
    processing_time: took,
    timestamp,
    version: 1,
    camera_id: cameraId ?? null,
    filename: 'upload',
    results: plates.map(({ vehicle, detection_score: dscore, ...plate }) => ({
      ...encodePlate(plate),
      dscore: round(dscore),
      vehicle: vehicle
        ? { type: VEHICLES[vehicle.type] ?? 'Unknown', score: round(vehicle.confidence), box: encodeBox(vehicle.bbox) }
        : { type: 'Unknown', score: 0, box: null },
    })),
    usage: { calls, max_calls: NO_LIMIT },
  };
}

/**
 * An event as Plate Recognizer Stream sends it to a webhook (https://guides.platerecognizer.com/docs/stream/results): `target` is the
 * address it goes to. What an event does not know is left out: the score of the detector, and the box of the vehicle.
 */
export function encodePlateRecognizer(event: PlateEvent, target: string): object {
  const { camera_id: camera, detected_at: at, images, motion, vehicle } = event;
  const filename = images?.frame.key ?? '';
  const { direction_deg: degrees } = motion;
  return {
    hook: { target, id: camera, event: 'recognition', filename },
    data: {
      camera_id: camera,
      filename,
      timestamp: at,
      timestamp_local: at.replace('T', ' ').replace('Z', '+00:00'),
      results: [
        {
          ...encodePlate(event.plate),
          vehicle: {
            type: VEHICLES[vehicle.type ?? ''] ?? 'Unknown',
            score: round(vehicle.confidence ?? 0),
          },
          // Theirs are degrees of the unit circle, with 90 for upwards; in an event 90 is downwards.
          direction: degrees === null ? '' : (360 - degrees) % 360,
          source_url: '',
          position_sec: 0,
        },
      ],
    },
  };
}

type Plate = Pick<
  PlateEvent['plate'],
  'text_normalized' | 'confidence' | 'region' | 'region_confidence' | 'candidates' | 'bbox'
>;

function encodePlate({ text_normalized: text, confidence, region, region_confidence, candidates, bbox }: Plate) {
  return {
    box: encodeBox(bbox),
    plate: text.toLowerCase(),
    region: { code: region ?? '', score: round(region_confidence ?? 0) },
    score: round(confidence),
    candidates: candidates.map(({ text, p }) => ({ plate: text.toLowerCase(), score: round(p) })),
  };
}

function encodeBox([x, y, w, h]: readonly [number, number, number, number]) {
  return { xmin: Math.round(x), ymin: Math.round(y), xmax: Math.round(x + w), ymax: Math.round(y + h) };
}

/** They give three decimals. */
function round(share: number): number {
  return Math.round(share * 1000) / 1000;
}

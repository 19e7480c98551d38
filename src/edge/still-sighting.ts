import type { Sighting } from '../vision/fuse/sighting.ts';
import { findCentre } from '../vision/geometry.ts';
import type { Image } from '../vision/image.ts';
import { hasUnread } from '../vision/read/wholeness.ts';
import type { Recognition } from '../vision/recognise.ts';

type Still = Readonly<{
  recognition: Recognition;
  image: Image;
  cameraId: string;
  /** Number of the plate in the picture, from 1. */
  number: number;
  /** Milliseconds since the epoch. */
  takenAt: number;
  readMs: number;
}>;

/** The passage of a vehicle of which one picture is all there is. */
export function createStillSighting({ recognition, image, cameraId, number, takenAt, readMs }: Still): Sighting {
  const { detection, corners, reading, legibility, vehicle } = recognition;
  const { box, score } = detection;
  const { text, seen, confidence, chars, candidates, region, matchesFormat, lines = 1, complete = true } = reading;
  const place = { t: 0, ...findCentre(box), w: box.x1 - box.x0, h: box.y1 - box.y0 };
  const kind = vehicle && vehicle.class !== 'plate' ? vehicle.class : undefined;
  return {
    cameraId,
    trackId: number,
    passageId: String(number),
    status: 'final',
    revision: 1,
    text,
    ...(seen === undefined ? {} : { seen }),
    confidence,
    chars,
    candidates,
    ...(region ? { region } : {}),
    ...(matchesFormat === undefined ? {} : { matchesFormat }),
    lines,
    complete,
    ...(reading.unread === undefined ? {} : { hasUnread: hasUnread(reading) }),
    ...(vehicle && kind ? { vehicle: { class: kind, score: vehicle.score, box: vehicle.box } } : {}),
    framesRead: 1,
    readsAgreeing: 1,
    framesRejected: {},
    firstSeenAt: takenAt,
    bestAt: takenAt,
    lastSeenAt: takenAt,
    best: {
      sequence: number,
      capturedAt: takenAt,
      image,
      box,
      corners,
      ...(vehicle ? { vehicleBox: vehicle.box } : {}),
      text,
      confidence,
      detectionScore: score,
      ...legibility,
    },
    path: [place],
    way: [place],
    stationary: false,
    timings: { detectMs: 0, readMs },
  };
}

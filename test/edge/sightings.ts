import type { Sighting } from '../../src/vision/fuse/sighting.ts';

const START = Date.UTC(2026, 2, 1, 12, 0, 0);

/** A Sighting of a plate that moved by `move` pixels within two seconds, for tests. */
export function createSighting(given: {
  text?: string;
  passageId?: string;
  status?: Sighting['status'];
  revision?: number;
  sequence?: number;
  move?: Readonly<{ dx: number; dy: number }>;
}): Sighting {
  const { text = 'AB12', move = { dx: 0, dy: 0 } } = given;
  const width = 320;
  const height = 240;
  const path = [
    { t: 0, x: 500, y: 400, w: 80, h: 24 },
    { t: 2000, x: 500 + move.dx, y: 400 + move.dy, w: 90, h: 27 },
  ];
  return {
    cameraId: 'gate',
    trackId: 1,
    passageId: given.passageId ?? 'p1',
    status: given.status ?? 'final',
    revision: given.revision ?? 1,
    text,
    confidence: 0.95,
    chars: [...text].map((char) => [
      { char, p: 0.9 },
      { char: '4', p: 0.1 },
    ]),
    candidates: [{ text, p: 0.95 }],
    lines: 1,
    framesRead: 5,
    readsAgreeing: 4,
    framesRejected: { blur: 1 },
    firstSeenAt: START,
    bestAt: START + 1000,
    lastSeenAt: START + 2000,
    best: {
      sequence: given.sequence ?? 10,
      capturedAt: START + 1000,
      image: { kind: 'rgb24', width, height, data: new Uint8Array(width * height * 3).fill(90) },
      box: { x0: 100, y0: 100, x1: 180, y1: 124 },
      corners: [
        { x: 100, y: 100 },
        { x: 180, y: 101 },
        { x: 180, y: 124 },
        { x: 100, y: 123 },
      ],
      text,
      confidence: 0.95,
      detectionScore: 0.9,
      charHeightPx: 16.8,
      sharpness: 0.7,
    },
    path,
    way: path,
    stationary: false,
    timings: { detectMs: 20, readMs: 3 },
  };
}

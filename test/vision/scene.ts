import type { Box } from '../../src/vision/box.ts';
import type { Detector } from '../../src/vision/detect/detector.ts';
import type { Detection } from '../../src/vision/detection.ts';
import type { Frame } from '../../src/vision/frame.ts';
import type { Sighting } from '../../src/vision/fuse/sighting.ts';
import { findCentre, toQuad } from '../../src/vision/geometry.ts';
import type { Polygon } from '../../src/vision/ignore-mask.ts';
import type { Image, RgbImage } from '../../src/vision/image.ts';
import type { PartialPipelineOptions } from '../../src/vision/options/pipeline.ts';
import { CameraPipeline, type Networks, type Observation } from '../../src/vision/pipeline.ts';
import type { Reader } from '../../src/vision/read/reader.ts';
import type { Reading } from '../../src/vision/read/reading.ts';

/** A plate in a made-up scene: where it is and what a look at it reads in frame `n`; undefined while it is hidden. */
export type Actor = (
  n: number,
) => Readonly<{ box: Box; text: string; confidence?: number; score?: number; vehicle?: Detection }> | undefined;

/** What a scene gave. */
export type Played = Readonly<{
  observations: readonly Observation[];
  sightings: readonly Sighting[];
  finals: readonly Sighting[];
  frames: readonly Frame[];
  /** Frames the detector was asked about, and plates the reader was. */
  detected: number;
  read: number;
}>;

const WIDTH = 640;
const HEIGHT = 360;
/** The gate looks at a small copy, a quarter as wide and high. */
const SMALL = { width: 160, height: 90 };

/**
 * Plays actors before a real pipeline: gate, tracker, fusion and passages as they are; only what the two networks would say is
 * the scene's script. Frames are 100 ms apart.
 */
export async function playScene(
  actors: readonly Actor[],
  length: number,
  options: PartialPipelineOptions = {},
  change: (frame: Frame) => Frame = (frame) => frame,
  ignore: readonly Polygon[] = [],
  /** The networks of a frame: those of the scene, or what is made of them. */
  choose: (own: Networks, n: number) => Networks = (own) => own,
): Promise<Played> {
  const script = createScript(actors);
  let n = 0;
  const borrow = () => choose(script, n);
  const pipeline = new CameraPipeline({ cameraId: 'gate', borrow, options, ignore, now: () => 0 });
  const observations: Observation[] = [];
  const frames = Array.from({ length }, (_, n) => change(paintFrame(actors, n)));
  for (const frame of frames) {
    n = frame.sequence;
    observations.push(await pipeline.observe(frame));
  }
  const sightings = [
    ...observations.flatMap((observation) => observation.sightings),
    ...(await pipeline.end()).sightings,
  ];
  const finals = sightings.filter(({ status }) => status === 'final');
  return { observations, sightings, finals, frames, ...script.counts };
}

function createScript(actors: readonly Actor[]): {
  detector: Detector;
  reader: Reader;
  counts: { detected: number; read: number };
} {
  const counts = { detected: 0, read: 0 };
  const play = ({ data: [low = 0, high = 0] }: Image) => actors.flatMap((actor) => actor(low + 256 * high) ?? []);
  return {
    counts,
    detector: {
      highScore: 0.5,
      async detect({ image }) {
        counts.detected += 1;
        return play(image).flatMap(({ box, score, vehicle }) => [
          { box, corners: toQuad(box), class: 'plate' as const, score: score ?? 0.9 },
          ...(vehicle ? [vehicle] : []),
        ]);
      },
    },
    reader: {
      rectify: () => paintCrispPlate(),
      async read(looks) {
        counts.read += looks.length;
        return looks.map(({ image, corners: [corner] }) => {
          const shown = play(image).find(({ box }) => box.x0 === corner.x && box.y0 === corner.y);
          if (shown === undefined) throw new Error('Expected a look at a plate of the scene');
          return toReading(shown.text, shown.confidence ?? 0.9);
        });
      },
    },
  };
}

/** A frame that carries its number in its first bytes; in its small copy plates are bright on grey. */
function paintFrame(actors: readonly Actor[], n: number): Frame {
  const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2);
  data.set([n % 256, n >> 8]);
  const small = new Uint8Array(SMALL.width * SMALL.height * 3).fill(90);
  for (const { x, y } of actors.flatMap((actor) => actor(n)?.box ?? []).map(findCentre)) {
    const from = Math.max(0, Math.round(x / 4) - 8);
    const to = Math.min(SMALL.width, Math.round(x / 4) + 8);
    for (let row = Math.max(0, Math.round(y / 4) - 3); row < Math.min(SMALL.height, y / 4 + 3); row += 1) {
      if (to > from) small.fill(230, (row * SMALL.width + from) * 3, (row * SMALL.width + to) * 3);
    }
  }
  return {
    cameraId: 'gate',
    sequence: n,
    capturedAt: 1_000_000 + n * 100,
    mediaTime: n * 100,
    image: { kind: 'yuv420p', width: WIDTH, height: HEIGHT, data },
    small: { image: { kind: 'rgb24', ...SMALL, data: small }, scale: 0.25, offsetX: 0, offsetY: 0 },
  };
}

function paintCrispPlate(): RgbImage {
  const data = new Uint8Array(16 * 8 * 3).map((_, i) => (Math.floor(i / 6) % 2 === 0 ? 20 : 220));
  return { kind: 'rgb24', width: 16, height: 8, data };
}

function toReading(text: string, confidence: number): Reading {
  return {
    text,
    confidence,
    chars: [...text].map((char) => [{ char, p: confidence }]),
    candidates: [{ text, p: confidence }],
    lines: 1,
  };
}

/** A plate of 100 × 30 pixels with its left top corner at a place. */
export function placePlate(x: number, y: number, height = 30): Box {
  return { x0: x, y0: y, x1: x + (height * 10) / 3, y1: y + height };
}

/** Drives from left to right between two frames, `speed` pixels a frame. */
export function drive(text: string, from: number, to: number, speed = 15, y = 200): Actor {
  return (n) => (n >= from && n < to ? { box: placePlate(20 + (n - from) * speed, y), text } : undefined);
}

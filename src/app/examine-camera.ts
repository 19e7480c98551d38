import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Camera } from '../camera/camera.ts';
import type { CameraConfig } from '../camera/config.ts';
import { openCamera } from '../camera/open.ts';
import type { Sighting } from '../vision/fuse/sighting.ts';
import type { Vision } from './open-vision.ts';

/** What was found: good, worth a look, or in the way. */
export type Finding = Readonly<{ level: 'good' | 'advice' | 'fault'; text: string }>;

/** How long a camera is watched, milliseconds. */
export const WATCH_MS = 8000;

/** How often its state is looked at meanwhile, milliseconds. */
const LISTEN_MS = 50;

/** Characters below this height are mostly guesses, below the next one unsure (docs/notes/measurements.md), pixels. */
const UNREADABLE_PX = 8;
const COMFORTABLE_PX = 14;

/** Watches one camera for some seconds: does it deliver, how large are its pictures and the characters in them? */
export async function examineCamera(config: CameraConfig, vision: Vision, log: Log): Promise<readonly Finding[]> {
  const label = `Camera ${config.id} (${config.kind})`;
  try {
    await using camera = await openCamera(config, { log });
    const { frames, size, heights, reason } = await watch(camera, vision, config);
    if (frames === 0) return [{ level: 'fault', text: `${label}: no picture within ${WATCH_MS / 1000} s. ${reason}` }];
    return [
      { level: 'good', text: `${label}: ${size}, ${frames} pictures in ${WATCH_MS / 1000} s` },
      judgeHeights(label, heights),
    ];
  } catch (error) {
    return [{ level: 'fault', text: `${label}: ${messageOf(error)}` }];
  }
}

type Watched = Readonly<{ frames: number; size: string; heights: readonly number[]; reason: string }>;

async function watch(camera: Camera, vision: Vision, { ignore }: CameraConfig): Promise<Watched> {
  const pipeline = vision.createPipeline(camera, ignore);
  const sightings = new Map<string, Sighting>();
  let frames = 0;
  let size = '';
  let reason = '';
  // The camera forgets its reason when the next attempt begins, and when it is closed.
  const listening = setInterval(() => {
    const { state, message } = camera.state;
    if (state === 'retrying') reason = message.replace(/ Trying again in .*$/, '');
    else if (state !== 'ended') reason ||= message;
  }, LISTEN_MS);
  try {
    for await (const frame of camera.frames(AbortSignal.timeout(WATCH_MS))) {
      frames++;
      size = `${frame.image.width}×${frame.image.height}`;
      for (const sighting of (await pipeline.observe(frame)).sightings) sightings.set(sighting.passageId, sighting);
    }
  } finally {
    clearInterval(listening);
  }
  for (const sighting of await pipeline.end()) sightings.set(sighting.passageId, sighting);
  return { frames, size, heights: [...sightings.values()].map(({ best }) => best.charHeightPx), reason };
}

function judgeHeights(label: string, heights: readonly number[]): Finding {
  const median = heights.toSorted((a, b) => a - b)[heights.length >> 1];
  if (median === undefined) {
    return { level: 'advice', text: `${label}: no plate passed in that time; run doctor again while there is traffic` };
  }
  const counted = heights.length === 1 ? 'one plate' : `median of ${heights.length} plates`;
  const text = `${label}: characters are ${median.toFixed(0)} px high (${counted})`;
  if (median < UNREADABLE_PX) return { level: 'fault', text: `${text}; too small to read: zoom in or move it closer` };
  if (median < COMFORTABLE_PX)
    return { level: 'advice', text: `${text}; at ${COMFORTABLE_PX} px or more, plates are read more reliably` };
  return { level: 'good', text };
}

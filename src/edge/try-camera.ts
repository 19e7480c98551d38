import { messageOf } from '../base/errors.ts';
import { encodeJpeg } from '../base/jpeg.ts';
import type { Camera } from '../camera/camera.ts';
import type { CameraConfig } from '../camera/config.ts';
import { COMFORTABLE_PX, UNREADABLE_PX } from '../contract/camera-advice.ts';
import type { Trial } from '../contract/page-camera.ts';
import { Letterbox } from '../vision/detect/letterbox.ts';
import type { Frame } from '../vision/frame.ts';
import type { Sighting } from '../vision/fuse/sighting.ts';
import type { Polygon } from '../vision/ignore-mask.ts';
import type { Pipeline } from '../vision/pipeline.ts';
import { withoutBars } from './small-picture.ts';

/** How often the state of the camera is looked at meanwhile, milliseconds. */
const LISTEN_MS = 50;

/** Most of the picture that is shown, pixels. */
const SHOWN = { width: 1280, height: 960 };
const QUALITY = 80;

type TryOptions = Readonly<{
  config: CameraConfig;
  openCamera: (config: CameraConfig) => Promise<Camera>;
  createPipeline: (camera: Camera, ignore: readonly Polygon[]) => Pipeline;
  /** How long the camera may take to show something, and how long it is watched from then on, milliseconds. */
  waitMs: number;
  watchMs: number;
  /** Ends the trial early. */
  signal?: AbortSignal;
}>;

/** What was seen, and the picture with the most plates as JPEG, empty without one. */
export type Tried = Readonly<{ trial: Trial; jpeg: Uint8Array }>;

/** Watches one camera for some seconds: does it deliver, how large are its pictures and the characters in them? */
export async function tryCamera(options: TryOptions): Promise<Tried> {
  const begun = performance.now();
  const nothing = { pictures: 0, width: 0, height: 0, plates: 0, char_height_px: null, legibility: null };
  const spent = () => Math.round((performance.now() - begun) / 100) / 10;
  try {
    await using camera = await options.openCamera(options.config);
    const { frames, best, heights, reason } = await watch(camera, options);
    if (!best) return { trial: { ...nothing, seconds: spent(), problem: reason }, jpeg: new Uint8Array() };
    const { width, height } = best.image;
    const median = heights.toSorted((a, b) => a - b)[heights.length >> 1];
    const trial = {
      seconds: spent(),
      pictures: frames,
      width,
      height,
      plates: heights.length,
      char_height_px: median === undefined ? null : Math.round(median * 10) / 10,
      legibility: median === undefined ? null : judge(median),
      problem: null,
    };
    const size = { width: Math.min(width, SHOWN.width), height: Math.min(height, SHOWN.height) };
    const small = new Letterbox().fit(best.image, size);
    return { trial, jpeg: await encodeJpeg(withoutBars(small, best.image), QUALITY) };
  } catch (error) {
    return { trial: { ...nothing, seconds: spent(), problem: messageOf(error) }, jpeg: new Uint8Array() };
  }
}

type Watched = Readonly<{ frames: number; best: Frame | undefined; heights: readonly number[]; reason: string }>;

async function watch(
  camera: Camera,
  { config, createPipeline, waitMs, watchMs, signal }: TryOptions,
): Promise<Watched> {
  const pipeline = createPipeline(camera, config.ignore);
  const sightings = new Map<string, Sighting>();
  const stop = new AbortController();
  let timer = setTimeout(() => stop.abort(), waitMs);
  let [frames, most] = [0, -1];
  let best: Frame | undefined;
  let reason = '';
  // The camera forgets its reason when the next attempt begins, and when it is closed.
  const listening = setInterval(() => {
    const { state, message } = camera.state;
    if (state === 'retrying') reason = message.replace(/ Trying again in .*$/, '');
    else if (state !== 'ended') reason ||= message;
  }, LISTEN_MS);
  try {
    for await (const frame of camera.frames(signal ? AbortSignal.any([stop.signal, signal]) : stop.signal)) {
      if (frames === 0) {
        clearTimeout(timer);
        timer = setTimeout(() => stop.abort(), watchMs);
      }
      frames += 1;
      const observation = await pipeline.observe(frame);
      for (const sighting of observation.sightings) sightings.set(sighting.passageId, sighting);
      if (observation.tracks.length <= most) continue;
      most = observation.tracks.length;
      best = frame;
    }
  } finally {
    clearTimeout(timer);
    clearInterval(listening);
  }
  for (const sighting of (await pipeline.end()).sightings) sightings.set(sighting.passageId, sighting);
  return { frames, best, heights: [...sightings.values()].map(({ best }) => best.charHeightPx), reason };
}

function judge(height: number): Trial['legibility'] {
  if (height < UNREADABLE_PX) return 'unreadable';
  return height < COMFORTABLE_PX ? 'unsure' : 'good';
}

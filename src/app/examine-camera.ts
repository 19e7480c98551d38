import type { Log } from '../base/log.ts';
import type { Camera } from '../camera/camera.ts';
import type { CameraConfig } from '../camera/config.ts';
import { openCamera } from '../camera/open.ts';
import { COMFORTABLE_PX } from '../contract/camera-advice.ts';
import { tryCamera } from '../edge/try-camera.ts';
import type { Vision } from './open-vision.ts';

/** What was found: good, neither good nor bad, worth a look, or in the way. */
export type Finding = Readonly<{ level: 'good' | 'note' | 'advice' | 'fault'; text: string }>;

/** How long a camera is watched, milliseconds. */
export const WATCH_MS = 8000;

/** Watches one camera for some seconds: does it deliver, how large are its pictures and the characters in them? */
export async function examineCamera(config: CameraConfig, vision: Vision, log: Log): Promise<readonly Finding[]> {
  const label = `Camera ${config.id} (${config.kind})`;
  let opened: Camera | undefined;
  const { trial } = await tryCamera({
    config,
    openCamera: async (camera) => {
      opened = await openCamera(camera, { log });
      return opened;
    },
    createPipeline: (camera, ignore) => vision.createPipeline(camera, ignore),
    waitMs: WATCH_MS,
    watchMs: WATCH_MS,
  });
  if (trial.problem !== null)
    return [{ level: 'fault', text: `${label}: no picture within ${WATCH_MS / 1000} s. ${trial.problem}` }];
  const { width, height, pictures, seconds } = trial;
  const decoded = opened?.decoder === undefined ? '' : `, decoded by ${opened.decoder}`;
  return [
    { level: 'good', text: `${label}: ${width}×${height}, ${pictures} pictures in ${seconds.toFixed(0)} s${decoded}` },
    judgeHeights(label, trial),
  ];
}

type Height = Readonly<{ plates: number; char_height_px: number | null; legibility: string | null }>;

function judgeHeights(label: string, { plates, char_height_px: height, legibility }: Height): Finding {
  if (height === null) {
    return { level: 'advice', text: `${label}: no plate passed in that time; run doctor again while there is traffic` };
  }
  const counted = plates === 1 ? 'one plate' : `median of ${plates} plates`;
  // Rounded down: a height just below a limit must not look as if it reached it.
  const text = `${label}: characters are ${Math.floor(height)} px high (${counted})`;
  if (legibility === 'unreadable')
    return { level: 'fault', text: `${text}; too small to read: zoom in or move it closer` };
  if (legibility === 'unsure')
    return { level: 'advice', text: `${text}; at ${COMFORTABLE_PX} px or more, plates are read more reliably` };
  return { level: 'good', text };
}

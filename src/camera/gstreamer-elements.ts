import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AlprError } from '../base/errors.ts';
import type { StreamConfig } from './decoder.ts';

/** The GStreamer of this machine and its elements, as `gst-inspect-1.0` names them. */
export type Gstreamer = Readonly<{ version: string; elements: ReadonlySet<string> }>;

/** What decodes H.264, the codec that nearly all cameras have. */
const H264_DECODERS = ['nvv4l2decoder', 'avdec_h264', 'openh264dec', 'vah264dec', 'vaapih264dec', 'v4l2h264dec'];

const SOFTWARE = ['capssetter', 'deinterlace', 'videoconvert', 'videoscale', 'videoflip'];
const EVERY = ['decodebin', 'fakesink', 'fdsink', 'identity', 'queue', 'tee', 'videorate'];
const SOURCES = { rtsp: ['rtspsrc'], usb: ['v4l2src'], file: ['filesrc', 'progressreport'], http: [] } as const;

/** The first version that orders elements by GST_PLUGIN_FEATURE_RANK. */
const OLDEST_MINOR = 18;

const INSTALL =
  'Install it (Debian, Ubuntu: apt install gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good ' +
  'gstreamer1.0-plugins-bad gstreamer1.0-libav) or set decoder: ffmpeg.';

/** Asks the system's GStreamer what it has; undefined where there is none. */
export async function askGstreamer(): Promise<Gstreamer | undefined> {
  try {
    const ask = (...args: string[]) =>
      promisify(execFile)('gst-inspect-1.0', args, { timeout: 60_000, maxBuffer: 16_000_000 });
    const [about, list] = [await ask('--version'), await ask()];
    const version = /^GStreamer (\S+)/m.exec(about.stdout)?.[1];
    if (version === undefined) return undefined;
    const elements = [...list.stdout.matchAll(/^\S+: +([\w-]+):/gm)].map(([, name = '']) => name);
    return { version, elements: new Set(elements) };
  } catch {
    // Missing, or not a program for this machine.
    return undefined;
  }
}

/** Whether it decodes and scales without the processor, as on a Jetson. */
export function decodesInHardware({ elements }: Gstreamer): boolean {
  return elements.has('nvv4l2decoder') && elements.has('nvvidconv');
}

/** GSTREAMER_MISSING names what a camera of this kind needs and this machine lacks. */
export function checkElements(found: Gstreamer | undefined, kind: StreamConfig['kind']): asserts found is Gstreamer {
  if (found === undefined)
    throw new AlprError('GSTREAMER_MISSING', `Expected gst-inspect-1.0, but GStreamer is not installed. ${INSTALL}`);
  const { version, elements } = found;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major !== 1 || minor < OLDEST_MINOR) {
    const message = `Expected GStreamer 1.${OLDEST_MINOR} or newer, but this machine has ${version}.`;
    throw new AlprError('GSTREAMER_MISSING', `${message} Set decoder: ffmpeg.`);
  }
  const needed = [...EVERY, ...SOURCES[kind], ...(decodesInHardware(found) ? ['videoconvert'] : SOFTWARE)];
  const lacking = needed.filter((name) => !elements.has(name));
  if (!H264_DECODERS.some((name) => elements.has(name))) lacking.push('a decoder of H.264, such as avdec_h264');
  if (lacking.length === 0) return;
  throw new AlprError('GSTREAMER_MISSING', `GStreamer ${version} lacks ${lacking.join(', ')}. ${INSTALL}`);
}

import type { FileConfig, RtspConfig, UsbConfig } from './config.ts';

/** Cameras that GStreamer decodes. */
export type GstreamerConfig = RtspConfig | UsbConfig | FileConfig;

/** What a first look at the stream shows: its size as it is to be seen, and its pictures a second, 0 where that varies. */
export type Seen = Readonly<{ width: number; height: number; fullRange: boolean; rate: number }>;

export type PipelineOptions = Readonly<{
  /** Decode and scale by the hardware of a Jetson. */
  hardware: boolean;
  url?: string | undefined;
  /** Without it the pipeline only looks what there is. */
  seen?: Seen | undefined;
}>;

/**
 * Elements that fetch what a file names, which must not make this machine ask addresses of its choice, and the order of decoders:
 * the hardware of a Jetson first.
 */
const RANKS = [
  ...['hlsdemux', 'hlsdemux2', 'dashdemux', 'dashdemux2', 'mssdemux', 'mssdemux2', 'sdpdemux'].map(
    (name) => `${name}:NONE`,
  ),
  'nvv4l2decoder:MAX',
].join(',');

/** Lost packets are waited for so long, milliseconds. */
const JITTER_MS = 200;

/**
 * The command line of one decoding child of GStreamer, run by `env`. Descriptor 3 receives the small RGB pictures, without the
 * bars that the detector's picture has below or beside them, and 4 as many full ones in I420, both in GStreamer's own layout. The
 * time of each, the size and all errors are in the log on descriptors 1 and 2. Other users of the machine can see the result.
 */
export function buildPipeline(config: GstreamerConfig, options: PipelineOptions): readonly string[] {
  const { seen, hardware } = options;
  // It writes how long the file is.
  const length = config.kind === 'file' ? ['progressreport', 'update-freq=1', '!'] : [];
  const whole = [...buildSource(config, options.url), 'decodebin', '!', ...length];
  const show = ['identity', 'name=seen', 'silent=false', '!'];
  const settings = [`GST_PLUGIN_FEATURE_RANK=${RANKS}`, 'GST_DEBUG=1,qtdemux:2', 'GST_DEBUG_NO_COLOR=1', 'LC_ALL=C'];
  // The tags of a file (-t) say when it was recorded.
  const before = [...settings, 'gst-launch-1.0', '-v', ...(config.kind === 'file' ? ['-t'] : [])];
  if (seen === undefined) return [...before, ...whole, ...turn(config, hardware), ...show, 'fakesink', 'sync=false'];
  // Colours are converted as by ffmpeg and for crops of the full picture, whatever the stream declares: networks were trained on that.
  // Declared only in the branch of the small picture, it would cause a conversion of the full one.
  const matrix = seen.fullRange || hardware ? [] : ['capssetter', 'caps=video/x-raw,colorimetry=(string)bt601', '!'];
  const steps = [
    ...whole,
    ...limitRate(config, seen, hardware),
    ...matrix,
    ...turn(config, hardware),
    ...show,
    'tee',
    'name=both',
  ];
  const sink = (descriptor: number) => [
    'fdsink',
    `fd=${descriptor}`,
    `sync=${config.kind === 'file' && config.realtime}`,
  ];
  const branch = ['both.', '!', 'queue', 'max-size-buffers=2', 'max-size-bytes=0', 'max-size-time=0', '!'];
  const { width, height } = fitSmall(config, seen);
  const size = `width=${width},height=${height}`;
  const small = hardware
    ? ['nvvidconv', 'interpolation-method=2', '!', `video/x-raw,format=RGBA,${size}`, '!', 'videoconvert']
    : [
        'videoscale',
        // The GStreamer filter whose pictures are closest to those of ffmpeg's area filter.
        'method=hermite',
        'sharpness=1.414',
        'add-borders=false',
        '!',
        `video/x-raw,${size}`,
        '!',
        'videoconvert',
      ];
  const full = hardware ? ['nvvidconv', '!', 'video/x-raw,format=I420', '!'] : [];
  return [
    ...before,
    ...steps,
    ...[...branch, ...full, ...sink(4)],
    ...[...branch, ...small, '!', 'video/x-raw,format=RGB', '!', ...sink(3)],
  ];
}

/** Size of the small picture without its bars: as large as the detector's allows. */
export function fitSmall(
  { small_width: width, small_height: height }: GstreamerConfig,
  seen: Readonly<{ width: number; height: number }>,
): Readonly<{ width: number; height: number }> {
  const fit = Math.min(width / seen.width, height / seen.height);
  return {
    width: Math.max(1, Math.floor(seen.width * fit + 0.5)),
    height: Math.max(1, Math.floor(seen.height * fit + 0.5)),
  };
}

function buildSource(config: GstreamerConfig, url = ''): readonly string[] {
  switch (config.kind) {
    case 'rtsp': {
      const patience = `tcp-timeout=${config.stall_timeout_ms * 3000}`;
      const source = ['rtspsrc', set('location', url), 'protocols=tcp', `latency=${JITTER_MS}`, patience];
      return [...source, '!', 'application/x-rtp,media=video', '!'];
    }
    case 'usb': {
      const size = config.size?.split('x');
      const asked = size && `width=${size[0]},height=${size[1]}`;
      const source = ['v4l2src', set('device', config.device), '!'];
      return asked ? [...source, `video/x-raw,${asked};image/jpeg,${asked}`, '!'] : source;
    }
    case 'file':
      return ['filesrc', set('location', config.path), '!'];
  }
}

/** Takes the first picture of each slot of 1/fps seconds; slower sources are not padded with copies. */
function limitRate({ fps }: GstreamerConfig, { rate }: Seen, hardware: boolean): readonly string[] {
  const asked = rate > 0 ? Math.min(fps, rate) : fps;
  const fraction = `${Math.round(asked * 1000)}/1000`;
  const caps = `video/x-raw${hardware ? '(ANY)' : ''},framerate=${fraction}`;
  return ['videorate', 'drop-only=true', 'skip-to-first=true', '!', caps, '!'];
}

/** Degrees clockwise as `nvvidconv` counts them. */
const HARDWARE_TURNS: Readonly<Record<string, number>> = { 90: 3, 180: 2, 270: 1 };
const TURNS: Readonly<Record<string, string>> = { auto: 'auto', 90: '90r', 180: '180', 270: '90l' };

/** Joins fields, converts and turns. The hardware does not know how a file says that it is turned. */
function turn({ rotate }: GstreamerConfig, hardware: boolean): readonly string[] {
  if (hardware) {
    const method = HARDWARE_TURNS[rotate];
    if (method === undefined) return [];
    return ['nvvidconv', `flip-method=${method}`, '!', 'video/x-raw(memory:NVMM)', '!'];
  }
  const way = TURNS[rotate];
  const flip = way === undefined ? [] : ['videoflip', `video-direction=${way}`, '!'];
  return ['deinterlace', 'fields=top', '!', 'videoconvert', '!', 'video/x-raw,format=I420', '!', ...flip];
}

/** A property whose value is any text. */
function set(property: string, value: string): string {
  return `${property}="${value.replaceAll(/["\\]/g, '\\$&')}"`;
}

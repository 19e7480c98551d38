import type { HttpConfig, RtspConfig } from './config.ts';
import type { StreamConfig } from './decoder.ts';
import type { FfmpegBinary } from './ffmpeg-binary.ts';

/** libavformat of ffmpeg 5.0, whose RTSP accepts `-timeout`; before it was `-stimeout`. */
const RENAMED_TIMEOUT = 59;
/** libavformat of ffmpeg 6.0, which certainly accepts `-fps_mode`; before it was `-vsync`. */
const RENAMED_VSYNC = 60;

/** What a command line needs beside the configuration. */
export type InputOptions = Readonly<{
  binary: FfmpegBinary;
  /** What a network stream is opened by, instead of an address that may contain a password. */
  url?: string;
  /** The name of the host, where `url` has its number. */
  host?: string;
  deinterlace: boolean;
  /** Whether the pictures are of when they arrive, because the stream has no times. */
  untimed?: boolean;
}>;

/**
 * The command line of one decoding child. Descriptor 3 receives the small packed RGB pictures, without headers, and 4 as many
 * full ones in YUV4MPEG2, which states their size. The time of each picture and all errors are in the log on descriptor 2. Other
 * users of the machine can see the result.
 */
export function buildArguments(config: StreamConfig, options: InputOptions): readonly string[] {
  const mode = options.binary.avformat >= RENAMED_VSYNC ? '-fps_mode' : '-vsync';
  const raw = ['-an', '-sn', '-dn', mode, 'passthrough', '-f'];
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'repeat+level+verbose', '-threads', '2'],
    ...(config.rotate === 'auto' ? [] : ['-noautorotate']),
    ...buildInput(config, options),
    ...['-filter_complex', buildFilter(config, options.deinterlace)],
    ...['-map', '[small]', ...raw, 'rawvideo', 'pipe:3'],
    ...['-map', '[full]', ...raw, 'yuv4mpegpipe', 'pipe:4'],
  ];
}

function buildInput(
  config: StreamConfig,
  { binary, url = '', host, untimed = false }: InputOptions,
): readonly string[] {
  switch (config.kind) {
    case 'rtsp': {
      const timeout = binary.avformat >= RENAMED_TIMEOUT ? '-timeout' : '-stimeout';
      const transport = ['-rtsp_transport', 'tcp', '-allowed_media_types', 'video', timeout, patience(config)];
      return [...transport, '-i', url];
    }
    case 'http':
      return [
        ...['-rw_timeout', patience(config), ...(host ? ['-headers', `Host: ${host}\r\n`] : [])],
        ...(untimed ? ['-use_wallclock_as_timestamps', '1'] : []),
        ...['-i', url],
      ];
    case 'usb':
      return ['-f', 'v4l2', ...(config.size ? ['-video_size', config.size] : []), '-i', config.device];
    case 'file':
      // A "video" may be a playlist, which must not make this machine fetch addresses of its choice.
      return [...(config.realtime ? ['-re'] : []), '-protocol_whitelist', 'file', '-i', `file:${config.path}`];
  }
}

/**
 * Microseconds after which the network connection gives up: later than the camera's own watchdog, and effective if this
 * process dies.
 */
function patience(config: RtspConfig | HttpConfig): string {
  return String(config.stall_timeout_ms * 3000);
}

/** Filters that turn pictures clockwise by the given degrees. */
const TURNS: Readonly<Record<string, readonly string[]>> = {
  90: ['transpose=clock'],
  180: ['hflip', 'vflip'],
  270: ['transpose=cclock'],
};

/**
 * Takes the first picture of each slot of 1/fps seconds, so that slower sources are not padded with copies, and parts it in
 * three: as it is, letterboxed (top left, grey 114, as the detector was trained), and one corner of 16×16 pixels, of which
 * `showinfo` writes the time to the log at no cost. The deinterlacer needs every picture and passes progressive ones on
 * unchanged.
 */
function buildFilter(config: StreamConfig, deinterlace: boolean): string {
  const { fps, small_width: width, small_height: height, rotate } = config;
  const slot = (time: string) => `floor(${time}*${fps}+0.01)`;
  const select = `select='isnan(prev_selected_t)+isnan(t)+not(eq(${slot('t')},${slot('prev_selected_t')}))'`;
  const fit = `min(${width}/iw,${height}/ih)`;
  const scale = `scale=w='max(1,trunc(iw*${fit}+0.5))':h='max(1,trunc(ih*${fit}+0.5))':flags=area`;
  const steps = [
    ...(deinterlace ? ['yadif=deint=interlaced'] : []),
    select,
    ...(TURNS[rotate] ?? []),
    'split=3[a][b][c]',
  ];
  return [
    `[0:v:0]${steps.join(',')}`,
    '[a]format=yuv420p|yuvj420p[full]',
    `[b]${scale},format=rgb24,pad=${width}:${height}:0:0:color=0x727272[small]`,
    "[c]crop='min(16,iw)':'min(16,ih)':0:0,showinfo,nullsink",
  ].join(';');
}

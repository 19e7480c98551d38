import { addCredentials } from './address.ts';
import type { FileConfig, HttpConfig, RtspConfig, UsbConfig } from './config.ts';
import type { FfmpegBinary } from './ffmpeg-binary.ts';

export type StreamConfig = RtspConfig | HttpConfig | UsbConfig | FileConfig;

/** libavformat of ffmpeg 5.0, whose RTSP accepts `-timeout`; before it was `-stimeout`. */
const RENAMED_TIMEOUT = 59;
/** libavformat of ffmpeg 6.0, which certainly accepts `-fps_mode`; before it was `-vsync`. */
const RENAMED_VSYNC = 60;

/**
 * The command line of one decoding child. Descriptor 3 receives the small packed RGB pictures and 4 the full yuv420p
 * ones, as many of each, without headers. Their size, the time of each picture and all errors are in the log on
 * descriptor 2. The result may contain a password.
 */
export function buildArguments(config: StreamConfig, binary: FfmpegBinary): readonly string[] {
  const mode = binary.avformat >= RENAMED_VSYNC ? '-fps_mode' : '-vsync';
  const raw = ['-an', '-sn', '-dn', mode, 'passthrough', '-f', 'rawvideo'];
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'level+verbose', '-threads', '2'],
    ...buildInput(config, binary),
    ...['-filter_complex', buildFilter(config)],
    ...['-map', '[small]', ...raw, 'pipe:3'],
    ...['-map', '[full]', ...raw, 'pipe:4'],
  ];
}

function buildInput(config: StreamConfig, binary: FfmpegBinary): readonly string[] {
  switch (config.kind) {
    case 'rtsp': {
      const timeout = binary.avformat >= RENAMED_TIMEOUT ? '-timeout' : '-stimeout';
      const transport = ['-rtsp_transport', 'tcp', '-allowed_media_types', 'video', timeout, patience(config)];
      return [...transport, '-i', addCredentials(config)];
    }
    case 'http':
      return ['-rw_timeout', patience(config), '-i', addCredentials(config)];
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

/**
 * Takes the first picture of each slot of 1/fps seconds, so that slower sources are not padded with copies, and parts it in
 * three: as it is, letterboxed (top left, grey 114, as the detector was trained), and one corner of 16×16 pixels, of which
 * `showinfo` writes the time to the log at no cost.
 */
function buildFilter({ fps, small_width: width, small_height: height }: StreamConfig): string {
  const slot = (time: string) => `floor(${time}*${fps}+0.01)`;
  const select = `select='isnan(prev_selected_t)+isnan(t)+not(eq(${slot('t')},${slot('prev_selected_t')}))'`;
  const fit = `min(${width}/iw,${height}/ih)`;
  const scale = `scale=w='max(1,trunc(iw*${fit}+0.5))':h='max(1,trunc(ih*${fit}+0.5))':flags=area`;
  return [
    `[0:v:0]${select},split=3[a][b][c]`,
    '[a]format=yuv420p|yuvj420p[full]',
    `[b]${scale},format=rgb24,pad=${width}:${height}:0:0:color=0x727272[small]`,
    "[c]crop='min(16,iw)':'min(16,ih)':0:0,showinfo,nullsink",
  ].join(';');
}

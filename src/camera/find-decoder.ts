import type { Decoder, StreamConfig } from './decoder.ts';

/**
 * Finds what decodes a camera, as its `decoder` says; `auto` is GStreamer where this machine decodes in hardware by it.
 * FFMPEG_MISSING or GSTREAMER_MISSING when it is not there.
 */
export async function findDecoder(config: StreamConfig): Promise<Decoder> {
  const wanted = config.kind === 'http' || isEncrypted(config) ? 'ffmpeg' : config.decoder;
  if (wanted !== 'ffmpeg') {
    const { findGstreamer } = await import('./gstreamer.ts');
    const found = await findGstreamer(config, wanted);
    if (found) return found;
  }
  const { openFfmpeg } = await import('./ffmpeg.ts');
  return openFfmpeg(config);
}

/** GStreamer reads RTSP over TLS only with a library that many systems lack. */
function isEncrypted(config: StreamConfig): boolean {
  return config.kind === 'rtsp' && config.url.startsWith('rtsps:');
}

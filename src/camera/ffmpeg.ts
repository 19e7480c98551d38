import type { Decoder, StreamConfig } from './decoder.ts';
import { DecodingChild } from './decoding-child.ts';
import { buildArguments } from './ffmpeg-arguments.ts';
import { findFfmpeg } from './ffmpeg-binary.ts';
import { parseLogLine } from './ffmpeg-log.ts';
import { readPictures, readY4m } from './picture-reader.ts';

/** Decodes by ffmpeg. FFMPEG_MISSING when there is none. */
export async function openFfmpeg(config: StreamConfig): Promise<Decoder> {
  const binary = await findFfmpeg(config.ffmpeg);
  const smallBytes = config.small_width * config.small_height * 3;
  return {
    name: `ffmpeg ${binary.version}`,
    looksUpNames: !binary.isStatic,
    run: ({ url, host, found, ...running }) =>
      new DecodingChild({
        ...running,
        path: binary.path,
        args: buildArguments(config, {
          binary,
          deinterlace: config.kind === 'file' || found?.has('interlaced') === true,
          untimed: found?.has('untimed') === true,
          ...(url === undefined ? {} : { url }),
          ...(host === undefined ? {} : { host }),
        }),
        createParser: () => parseLogLine,
        readSmall: (stream, memory, onPicture) => readPictures(stream, { bytes: smallBytes, memory }, onPicture),
        readFull: (stream, memory, onPicture) =>
          readY4m(stream, memory, (format, data) => onPicture({ ...format, data })),
      }),
  };
}

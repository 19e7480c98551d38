import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AlprError } from '../base/errors.ts';

/**
 * An ffmpeg that can be started. `avformat` is the major version of its libavformat: 58 is ffmpeg 4, 59 is 5, and so on. A static
 * build, such as the bundled one, breaks down when it looks up the name of a host.
 */
export type FfmpegBinary = Readonly<{ path: string; version: string; avformat: number; isStatic: boolean }>;

/**
 * Finds ffmpeg: at `path` if given, otherwise the system's, otherwise the one of the optional npm package.
 * FFMPEG_MISSING says how to get one.
 */
export async function findFfmpeg(path?: string): Promise<FfmpegBinary> {
  if (path !== undefined) {
    const found = await askVersion(path);
    if (found) return found;
    throw new AlprError(
      'FFMPEG_MISSING',
      `Expected ffmpeg at ${path}, but it cannot be run. Correct the path or leave it out.`,
    );
  }
  const found = (await askVersion('ffmpeg')) ?? (await askBundled());
  if (found) return found;
  throw new AlprError(
    'FFMPEG_MISSING',
    'No ffmpeg was found on this system. Install it (Debian, Ubuntu: apt install ffmpeg; macOS: brew install ffmpeg) ' +
      'or run "npm ci" without leaving out optional packages.',
  );
}

async function askBundled(): Promise<FfmpegBinary | undefined> {
  try {
    const { default: bundled } = await import('@ffmpeg-installer/ffmpeg');
    return await askVersion(bundled.path);
  } catch {
    // The package is optional, and throws on machines for which it has no binary.
    return undefined;
  }
}

async function askVersion(path: string): Promise<FfmpegBinary | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['-version'], { timeout: 15_000 });
    const version = /^ffmpeg version (\S+)/m.exec(stdout)?.[1];
    const avformat = /^libavformat\s+(\d+)\./m.exec(stdout)?.[1];
    return version && avformat
      ? { path, version, avformat: Number(avformat), isStatic: /-static/.test(version) }
      : undefined;
  } catch {
    // Missing, or not a program for this machine: try the next place.
    return undefined;
  }
}

import { fileURLToPath } from 'node:url';
import bundled from '@ffmpeg-installer/ffmpeg';
import { describe, expect, test } from 'vitest';
import { findFfmpeg } from '../../src/camera/ffmpeg-binary.ts';
import { openWith, takeFrames } from './cameras.ts';
import { readClip } from './rtsp-clip.ts';
import { RtspServer } from './rtsp-server.ts';

const clip = readClip(new URL('./fixtures/road-320x180.h264', import.meta.url));
const larger = readClip(new URL('./fixtures/road-480x360.h264', import.meta.url));
const path = fileURLToPath(new URL('./fixtures/road-60-frames.mp4', import.meta.url));
const system = await findFfmpeg();

/** The bundled ffmpeg is of 2018; where the system has one of its own, cameras must work with both. */
const binaries = [...new Set([system.path, bundled.path])];

describe('ffmpeg', () => {
  test('at the path given is taken, with its version', async () => {
    expect(await findFfmpeg(bundled.path)).toMatchObject({ path: bundled.path, avformat: 58 });
  });

  test('that is not there is named, with what to do', async () => {
    await expect(findFfmpeg('/nowhere/ffmpeg')).rejects.toMatchObject({
      code: 'FFMPEG_MISSING',
      message: 'Expected ffmpeg at /nowhere/ffmpeg, but it cannot be run. Correct the path or leave it out.',
    });
  });

  test.for(binaries)('%s decodes every picture of a file', async (ffmpeg) => {
    const { camera } = await openWith({ kind: 'file', path, fps: 30, ffmpeg });
    await using _ = camera;
    expect((await takeFrames(camera)).frames).toHaveLength(60);
  });

  test.for(binaries)('%s follows a change of resolution by RTSP', async (ffmpeg) => {
    await using server = await RtspServer.open({ clip });
    const url = `rtsp://127.0.0.1:${server.port}/live`;
    const { camera } = await openWith({ kind: 'rtsp', url, ffmpeg });
    await using _ = camera;
    const { frames } = await takeFrames(camera, (taken) => {
      if (taken.length === 2) server.play(larger);
      return taken.at(-1)?.image.width === 480;
    });
    expect(frames.at(-1)?.image).toMatchObject({ width: 480, height: 360 });
  });
});

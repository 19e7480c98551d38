import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { openVision } from '../../src/app/open-vision.ts';
import { findFfmpeg } from '../../src/camera/ffmpeg-binary.ts';
import type { Sighting } from '../../src/vision/fuse/sighting.ts';
import { ensureTools } from '../../tools/servers/tools.ts';
import { testCamera } from './camera-contract.ts';
import { openWith, takeFrames } from './cameras.ts';
import { keepLog } from './log.ts';
import { openRtspFixture, testRtsp } from './rtsp-contract.ts';
import { testVideoFile, whole } from './video-file-contract.ts';

const gstreamer = { decoder: 'gstreamer' };
/** At ten a second. */
const PICTURE_MS = 100;
let folder: string;

beforeAll(async () => {
  await ensureTools(['gst-launch-1.0'], (line) => process.stderr.write(`${line}\n`));
  folder = await mkdtemp(join(tmpdir(), 'gstreamer-'));
}, 300_000);
afterAll(() => rm(folder, { recursive: true }));

testCamera('rtsp', () => openRtspFixture(gstreamer));
testRtsp('A camera by RTSP, decoded by GStreamer', gstreamer);
testCamera('file', async () => ({
  fields: { path: whole, loop: true, ...gstreamer },
  [Symbol.asyncDispose]: async () => undefined,
}));
testVideoFile('A video file, decoded by GStreamer', gstreamer);

describe('GStreamer decodes what ffmpeg decodes', () => {
  test.for([
    ['a clip of a camera', undefined, 'auto', ''],
    ['pictures of odd sizes', 'testsrc2=s=170x110:r=10:d=1', 'auto', 'libx264'],
    ['a picture in high definition', 'testsrc2=s=1280x720:r=10:d=1', 'auto', 'libx264'],
    ['a portrait that is turned', 'testsrc2=s=120x200:r=10:d=1', 90, 'libx264'],
    ['full range', 'testsrc2=s=176x144:r=10:d=1,format=yuvj420p', 'auto', 'mjpeg'],
  ] as const)('the same pictures of %s', async ([name, source, rotate, codec]) => {
    const path = source === undefined ? whole : await make(`${name.replaceAll(' ', '-')}.mov`, source, codec);
    const [theirs, ours] = await Promise.all(
      ['ffmpeg', 'gstreamer'].map(async (decoder) => {
        const { camera } = await openWith({ kind: 'file', path, fps: 10, rotate, decoder });
        await using _ = camera;
        return await takeFrames(camera);
      }),
    );
    expect(ours?.error).toBeUndefined();
    expect(ours?.frames.map(({ mediaTime }) => Math.round(mediaTime))).toEqual(
      theirs?.frames.map(({ mediaTime }) => Math.round(mediaTime)),
    );
    for (const [at, { image, small }] of (theirs?.frames ?? []).entries()) {
      const other = ours?.frames[at];
      expect({ ...other?.image, data: 0 }).toEqual({ ...image, data: 0 });
      expect({ ...other?.small, image: 0 }).toEqual({ ...small, image: 0 });
      expect(differ(image.data, other?.image.data)).toBeLessThan(0.5);
      expect(differ(small?.image.data, other?.small?.image.data)).toBeLessThan(5);
    }
  });

  // A plate far away may be found in the picture before or after: its score is at the threshold, and the small pictures are not equal.
  test('the same passages of simulated traffic, seen within a picture of each other', async () => {
    const path = join(folder, 'traffic.mp4');
    await recordTraffic(path);
    const [theirs, ours] = [await readPassages(path, 'ffmpeg'), await readPassages(path, 'gstreamer')];
    expect(theirs.length).toBe(2);
    expect(ours.map(({ text }) => text)).toEqual(theirs.map(({ text }) => text));
    for (const [at, { firstSeenAt, lastSeenAt }] of theirs.entries()) {
      expect(Math.abs((ours[at]?.firstSeenAt ?? Number.NaN) - firstSeenAt)).toBeLessThanOrEqual(PICTURE_MS);
      expect(Math.abs((ours[at]?.lastSeenAt ?? Number.NaN) - lastSeenAt)).toBeLessThanOrEqual(PICTURE_MS);
    }
  }, 400_000);
});

/** Mean difference of two arrays of bytes. */
function differ(one: Uint8Array | undefined, other: Uint8Array | undefined): number {
  if (one === undefined || other?.length !== one.length) return Number.NaN;
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += Math.abs((one[at] ?? 0) - (other[at] ?? 0));
  return sum / one.length;
}

async function make(name: string, source: string, codec: string): Promise<string> {
  const path = join(folder, name);
  const { path: ffmpeg } = await findFfmpeg();
  const args = ['-nostdin', '-y', '-loglevel', 'error', '-f', 'lavfi', '-i', source, '-c:v', codec, '-q:v', '2', path];
  await promisify(execFile)(ffmpeg, args);
  return path;
}

async function recordTraffic(path: string): Promise<void> {
  const fields = { realtime: false, passages: 2, night: false, width: 960, height: 540 };
  const { camera } = await openWith({ kind: 'simulator', ...fields });
  await using _ = camera;
  const { path: ffmpeg } = await findFfmpeg();
  const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', '960x540', '-r', '10', '-i', 'pipe:0'];
  const output = ['-r', '25', '-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '4M', '-pix_fmt', 'yuv420p', path];
  const child = spawn(ffmpeg, ['-loglevel', 'error', '-y', ...input, ...output], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  for await (const { image } of camera.frames(new AbortController().signal))
    if (!child.stdin.write(image.data)) await once(child.stdin, 'drain');
  child.stdin.end();
  await exited;
}

async function readPassages(path: string, decoder: string) {
  const log = keepLog();
  await using vision = await openVision(loadConfig({ environment: {}, settings: [] }), log);
  const { camera } = await openWith({ kind: 'file', path, fps: 10, start: '2026-01-01T00:00:00Z', decoder });
  await using _ = camera;
  const pipeline = vision.createPipeline(camera);
  const finals: Sighting[] = [];
  for await (const frame of camera.frames(AbortSignal.timeout(100_000))) {
    const { sightings } = await pipeline.observe(frame);
    finals.push(...sightings.filter(({ status }) => status === 'final'));
  }
  finals.push(...(await pipeline.end()).sightings);
  return finals.map(({ text, firstSeenAt, lastSeenAt }) => ({ text, firstSeenAt, lastSeenAt }));
}

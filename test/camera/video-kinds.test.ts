import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DecodingChild } from '../../src/camera/decoding-child.ts';
import { findFfmpeg } from '../../src/camera/ffmpeg-binary.ts';
import type { Frame } from '../../src/vision/frame.ts';
import { chooseCases } from '../thorough.ts';
import { openWith, takeFrames } from './cameras.ts';
import { readClip } from './rtsp-clip.ts';
import { RtspServer } from './rtsp-server.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kinds-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Makes a video by ffmpeg. */
async function make(name: string, ...args: readonly string[]): Promise<string> {
  const path = join(folder, name);
  const { path: ffmpeg } = await findFfmpeg();
  await promisify(execFile)(ffmpeg, ['-nostdin', '-y', '-loglevel', 'error', ...args, path]);
  return path;
}

/** One second of upright stripes that move to the left by 4 pixels in each of 50 fields a second, interlaced. */
async function makeInterlaced(name: string): Promise<string> {
  const stripes = Buffer.from(Array.from({ length: 520 * 240 }, (_, at) => 128 + 100 * Math.sin((at % 520) / 6)));
  const picture = join(folder, 'stripes.png');
  await sharp(stripes, { raw: { width: 520, height: 240, channels: 1 } })
    .png()
    .toFile(picture);
  const filter = "crop=320:240:x='4*n':y=0,tinterlace=interleave_top,fieldorder=tff,format=yuv420p";
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-threads', '1', '-flags', '+ilme+ildct'];
  return make(name, '-loop', '1', '-r', '50', '-t', '1', '-i', picture, '-vf', filter, ...codec);
}

/** How much more a row differs from the next than from the one after it: much above 1 where two fields are mixed. */
function measureCombing({ image: { data, width, height } }: Frame): number {
  let [next, after] = [0, 0];
  const at = (x: number, y: number) => data[y * width + x] ?? Number.NaN;
  for (let y = 20; y < height - 20; y += 3) {
    for (let x = 20; x < width - 20; x++) {
      next += Math.abs(at(x, y) - at(x, y + 1));
      after += Math.abs(at(x, y) - at(x, y + 2));
    }
  }
  return next / (after + height * width * 0.1);
}

describe('Interlaced pictures', () => {
  test('of a file come in, with the moving parts of both fields joined', async () => {
    const path = await makeInterlaced('interlaced.mp4');
    const { camera } = await openWith({ kind: 'file', path, fps: 25 });
    await using _ = camera;
    const { frames, error } = await takeFrames(camera);
    expect(error).toBeUndefined();
    expect(frames).toHaveLength(25);
    expect(frames[0]?.image).toMatchObject({ width: 320, height: 240 });
    expect(Math.max(...frames.slice(10, 13).map(measureCombing))).toBeLessThan(1);
  });

  test('of a stream come in after it is opened once more, without counting as an interruption', async () => {
    const path = await makeInterlaced('interlaced.h264');
    await using server = await RtspServer.open({ clip: readClip(pathToFileURL(path)) });
    const url = `rtsp://127.0.0.1:${server.port}/live`;
    const { camera } = await openWith({ kind: 'rtsp', url, fps: 25 });
    await using _ = camera;
    const { frames } = await takeFrames(camera, (taken) => taken.length === 12);
    expect(frames).toHaveLength(12);
    expect(Math.max(...frames.slice(2, 5).map(measureCombing))).toBeLessThan(1);
    expect(camera.state.restarts).toBe(0);
  });
});

describe('A video that', () => {
  test.for(
    chooseCases<readonly [string, readonly string[]]>(
      [
        ['flv', ['-c:v', 'flv1']],
        ['wmv', ['-c:v', 'wmv2']],
        ['3gp', ['-c:v', 'mpeg4']],
        ['mts', ['-c:v', 'libx264', '-f', 'mpegts']],
        ['h264', ['-c:v', 'libx264']],
        ['mpg', ['-c:v', 'mpeg2video', '-flags', '+ilme+ildct', '-vf', 'setfield=tff']],
        ['avi', ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj422p']],
        ['mkv', ['-c:v', 'ffv1', '-pix_fmt', 'yuv444p10le']],
        ['mov', ['-c:v', 'qtrle']],
      ],
      0,
      3,
      6,
      7,
    ),
  )('is a .%s is read to its end', async ([ending, codec]) => {
    const path = await make(`clip.${ending}`, '-f', 'lavfi', '-i', 'testsrc=s=176x144:r=25:d=1', ...codec);
    const { camera } = await openWith({ kind: 'file', path, fps: 25 });
    await using _ = camera;
    const { frames, error } = await takeFrames(camera);
    expect(error).toBeUndefined();
    expect(frames.length).toBeGreaterThanOrEqual(24);
    expect(frames[0]?.image).toMatchObject({ width: 176, height: 144 });
  });

  test('has hundreds of decoding errors gives its pictures and then says so', async () => {
    const clip = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25:d=4', '-c:v', 'libx264', '-g', '25', '-b:v', '2M'];
    const path = await make('damaged.h264', ...clip);
    const bytes = await readFile(path);
    for (let at = Math.floor(bytes.length / 10); at < bytes.length; at += 701)
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x55, at);
    await writeFile(path, bytes);
    const { camera } = await openWith({ kind: 'file', path, fps: 25 });
    await using _ = camera;
    const { frames, error } = await takeFrames(camera);
    expect(frames.length).toBeGreaterThan(50);
    expect(error).toMatchObject({ code: 'VIDEO_INVALID' });
    expect(String(error)).toMatch(/it has \d{3,} decoding errors, \d+ pictures were taken/);
  });

  test.for([
    [0, [true, true, false, false]],
    [90, [false, true, false, true]],
    [180, [false, false, true, true]],
    [270, [true, false, true, false]],
  ] as const)('has a white upper half is turned by %i degrees clockwise', async ([rotate, expected]) => {
    const drawing = 'color=black:s=96x64:r=5:d=1,drawbox=0:0:96:32:white:fill';
    const path = await make('turned.avi', '-f', 'lavfi', '-i', drawing, '-c:v', 'mjpeg', '-q:v', '2');
    const { camera } = await openWith({ kind: 'file', path, fps: 5, rotate });
    await using _ = camera;
    const { frames } = await takeFrames(camera);
    const { data, width = Number.NaN, height = Number.NaN } = frames[0]?.image ?? {};
    expect([width, height]).toEqual(rotate % 180 === 0 ? [96, 64] : [64, 96]);
    const isWhite = (x: number, y: number) =>
      (data?.[Math.floor(y * height) * width + Math.floor(x * width)] ?? Number.NaN) > 128;
    expect([isWhite(0.2, 0.2), isWhite(0.8, 0.2), isWhite(0.2, 0.8), isWhite(0.8, 0.8)]).toEqual(expected);
  });

  test.for([
    ['its container', 'plain.mp4', ['-metadata', 'creation_time=2025-11-29T09:15:30Z'], undefined],
    ['its name', 'gate_2025-11-29_09-15-30Z.mp4', [], undefined],
    ['its start, whatever else', 'gate_2024-01-01_00-00-00Z.mp4', [], '2025-11-29T10:15:30+01:00'],
  ] as const)('is dated by %s has frames of that time', async ([, name, metadata, start]) => {
    const path = await make(name, '-f', 'lavfi', '-i', 'testsrc=s=96x64:r=5:d=1', ...metadata, '-c:v', 'libx264');
    const { camera, log } = await openWith({ kind: 'file', path, fps: 5, start });
    await using _ = camera;
    const { frames } = await takeFrames(camera);
    const began = Date.UTC(2025, 10, 29, 9, 15, 30);
    expect(frames.map(({ capturedAt }) => capturedAt - began)).toEqual([0, 200, 400, 600, 800]);
    expect(log.lines.join()).toMatch(/the video is dated .*2025-11-29T09:15:30\.000Z.*"zone":"(UTC|\+01:00)"/);
  });

  test('is opened by a program that says nothing is given up after the deadline', async () => {
    const silent = { path: 'sleep', args: ['600'], dropLate: false, stallMs: 150 };
    const nothing = () => undefined;
    await using run = new DecodingChild({
      ...silent,
      createParser: () => nothing,
      readSmall: nothing,
      readFull: nothing,
    });
    expect(await Array.fromAsync(run.pairs())).toEqual([]);
    expect(await run.end()).toMatchObject({ cause: 'stall', pictures: 0 });
  });
});

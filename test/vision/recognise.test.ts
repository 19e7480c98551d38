import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePicture } from '../../src/camera/pictures.ts';
import type { Box } from '../../src/vision/box.ts';
import { convertToRgb } from '../../src/vision/colour.ts';
import { createDetector, type Detector } from '../../src/vision/detect/detector.ts';
import { measureIou } from '../../src/vision/geometry.ts';
import type { RgbImage, YuvImage } from '../../src/vision/image.ts';
import { CameraPipeline } from '../../src/vision/pipeline.ts';
import { createReader, type Reader } from '../../src/vision/read/reader.ts';
import { recognisePicture } from '../../src/vision/recognise.ts';
import type { Session } from '../../src/vision/session.ts';
import { openSession, readModelJson, readModelPicture } from './onnx-session.ts';
import { findLargestDifference, paintRgb } from './pictures.ts';

let sessions: readonly Session[];
let detector: Detector;
let reader: Reader;
let image: RgbImage;
let texts: string[];

beforeAll(async () => {
  const [detect, read] = await Promise.all([openSession('alpr-detect'), openSession('alpr-read')]);
  sessions = [detect, read];
  detector = createDetector({ session: detect, model: await readModelJson('alpr-detect/model.json') });
  reader = createReader({ session: read, model: await readModelJson('alpr-read/model.json') });
  image = await readModelPicture('alpr-detect/golden/input.png');
  texts = (await recognisePicture({ detector, reader, image })).map(({ reading }) => reading.text);
});
afterAll(async () => {
  for (const session of sessions) await session[Symbol.asyncDispose]();
});

/** The picture as a camera's 4:2:0 frame, BT.601 limited range, chroma averaged over four pixels. */
function toYuv({ width, height, data }: RgbImage): YuvImage {
  const half = (width * height) / 4;
  const out = new Uint8Array(width * height + 2 * half);
  const sums = new Float64Array(2 * half);
  for (let i = 0; i < width * height; i += 1) {
    const [r = 0, g = 0, b = 0] = data.subarray(i * 3, i * 3 + 3);
    out[i] = Math.round(16 + 0.25679 * r + 0.50413 * g + 0.09791 * b);
    const at = (Math.floor(i / width) >> 1) * (width >> 1) + ((i % width) >> 1);
    sums[at] = (sums[at] ?? 0) + (-0.14822 * r - 0.29099 * g + 0.43922 * b) / 4;
    sums[at + half] = (sums[at + half] ?? 0) + (0.43922 * r - 0.36779 * g - 0.07143 * b) / 4;
  }
  for (const [i, sum] of sums.entries()) out[width * height + i] = Math.round(128 + sum);
  return { kind: 'yuv420p', width, height, data: out };
}

describe('recognisePicture', () => {
  it('finds both plates of the golden picture, the surer one first', async () => {
    const found = await recognisePicture({ detector, reader, image });
    expect(found).toHaveLength(2);
    const rates = found.map(({ detection, reading }) => detection.score * reading.confidence);
    expect(rates).toEqual(rates.toSorted((a, b) => b - a));
    for (const { reading, legibility, corners } of found) {
      expect(reading.text.length).toBeGreaterThanOrEqual(4);
      expect(legibility.charHeightPx).toBeGreaterThan(5);
      expect(legibility.sharpness).toBeGreaterThan(0);
      expect(corners).toHaveLength(4);
    }
  });

  it('reads the same from the planes of a video frame', async () => {
    const yuv = toYuv(image);
    // Chroma is shared by four pixels, so single pixels at coloured edges differ.
    const back = convertToRgb(yuv);
    let sum = 0;
    for (const [i, value] of image.data.entries()) sum += Math.abs((back.data[i] ?? Number.NaN) - value);
    expect(sum / image.data.length).toBeLessThan(4);
    expect((await recognisePicture({ detector, reader, image: yuv })).map(({ reading }) => reading.text)).toEqual(
      texts,
    );
  });

  it('drops what falls below the options', async () => {
    expect(await recognisePicture({ detector, reader, image, options: { minLength: 12 } })).toEqual([]);
    expect(await recognisePicture({ detector, reader, image, options: { maxPlates: 1 } })).toHaveLength(1);
  });

  it('finds nothing in pictures of one pixel, of extreme shape and of one colour', async () => {
    for (const [width, height] of [
      [1, 1],
      [20_000, 10],
      [10, 3000],
      [300, 200],
    ] as const) {
      expect(await recognisePicture({ detector, reader, image: paintRgb(width, height, [127, 127, 127]) })).toEqual([]);
    }
  });

  it('reads at twice the size only what the detector is sure of', async () => {
    const looks: number[] = [];
    const box = { x0: 0, y0: 0, x1: 60, y1: 20 };
    const scores = [detector.highScore + 0.1, detector.highScore - 0.1];
    await recognisePicture({
      image: paintRgb(640, 384, [127, 127, 127]),
      detector: {
        highScore: detector.highScore,
        detect: async ({ zoom }) =>
          zoom === 2 ? scores.map((score) => ({ class: 'plate', box, score }) as const) : [],
      },
      reader: {
        ...reader,
        read: async (given) => {
          looks.push(given.length);
          return reader.read(given);
        },
      },
    });
    expect(looks.filter((count) => count > 0)).toEqual([1]);
  });

  it('reads no plate that is lower than seven pixels', async () => {
    const looks: number[] = [];
    const [low, high] = [6, 8].map(
      (y1) => ({ class: 'plate', box: { x0: 0, y0: 0, x1: 30, y1 }, score: 0.9 }) as const,
    );
    await recognisePicture({
      image: paintRgb(640, 384, [127, 127, 127]),
      detector: { highScore: 0.5, detect: async ({ zoom }) => (zoom || !low || !high ? [] : [low, high]) },
      reader: {
        ...reader,
        read: async (given) => {
          looks.push(...given.map(({ corners }) => corners[2].y));
          return reader.read(given);
        },
      },
    });
    expect(looks).toEqual([8]);
  });

  it('leaves the picture untouched', async () => {
    const copy = image.data.slice();
    await recognisePicture({ detector, reader, image });
    expect(findLargestDifference(image.data, copy)).toBe(0);
  });
});

describe('The committed detector', () => {
  // The nearest car of each frame as YOLOX-nano of COCO (another network, Apache-2.0) sees it.
  it.each([
    ['115', { x0: 390, y0: 338, x1: 796, y1: 654 }],
    ['20', { x0: 375, y0: 318, x1: 877, y1: 720 }],
  ])('finds the car of the photograph tollgate-%s with the plate on it', async (name, car) => {
    const path = join(import.meta.dirname, '..', 'fixtures', `tollgate-${name}.jpg`);
    const found = await detector.detect({ image: await decodePicture(path) });
    const near = found.filter(({ class: what, box }) => what === 'car' && measureIou(box, car) >= 0.5);
    expect(near).toHaveLength(1);
    const isIn = (inner: Box, outer: Box) =>
      inner.x0 > outer.x0 && inner.y0 > outer.y0 && inner.x1 < outer.x1 && inner.y1 < outer.y1;
    const plates = found.filter(({ class: what }) => what === 'plate');
    expect(near.some((vehicle) => plates.some((plate) => isIn(plate.box, vehicle.box)))).toBe(true);
  });
});

describe('CameraPipeline with the committed models', () => {
  it('makes one Sighting of each vehicle that stands in the picture for a second', async () => {
    const pipeline = new CameraPipeline({ cameraId: 'real', borrow: () => ({ detector, reader }) });
    const empty = paintRgb(image.width, image.height, [114, 114, 114]);
    const sightings = [];
    for (let n = 0; n < 40; n += 1) {
      const shown = n >= 2 && n < 12 ? image : empty;
      const frame = { cameraId: 'real', sequence: n, capturedAt: n * 100, mediaTime: n * 100, image: shown };
      sightings.push(...(await pipeline.observe(frame)).sightings);
    }
    sightings.push(...(await pipeline.end()).sightings);
    const finals = sightings.filter(({ status }) => status === 'final');
    expect(finals.map(({ text }) => text).sort()).toEqual(texts.toSorted());
    for (const { best, firstSeenAt, lastSeenAt } of finals) {
      expect(best.image).toBe(image);
      expect([firstSeenAt, lastSeenAt]).toEqual([200, 1100]);
    }
  });
});

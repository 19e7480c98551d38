import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDetector } from '../../../src/vision/detect/detector.ts';
import { measureIou, toQuad } from '../../../src/vision/geometry.ts';
import { rectifyToImage } from '../../../src/vision/read/rectify.ts';
import type { Session } from '../../../src/vision/session.ts';
import { openSession, readModelJson, readModelPicture } from '../onnx-session.ts';
import { paintRgb } from '../pictures.ts';

let session: Session;
beforeAll(async () => {
  session = await openSession('alpr-detect');
});
afterAll(() => session[Symbol.asyncDispose]());

describe('createDetector', () => {
  it('finds the plates of the golden picture where ONNX Runtime in Python found them', async () => {
    const golden = await readModelJson('alpr-detect/golden/output.json');
    const image = await readModelPicture('alpr-detect/golden/input.png');
    const model = await readModelJson('alpr-detect/model.json');
    const detector = createDetector({
      session,
      model,
      options: { minScore: golden.score_above, highScore: golden.score_above },
    });
    const found = (await detector.detect({ image })).filter((detection) => detection.class === 'plate');
    expect(found).toHaveLength(golden.detections.length);
    for (const [index, { box, score, corners = [] }] of found.entries()) {
      const flat = [box.x0, box.y0, box.x1, box.y1, score, 0, ...corners.flatMap((point) => [point.x, point.y])];
      expect(flat).toHaveLength(14);
      for (const [column, value] of flat.entries())
        expect(Math.abs(value - golden.detections[index][column])).toBeLessThan(column === 4 ? 0.01 : 0.5);
    }
  });

  it('answers in pixels of the full picture when the network saw a smaller one', async () => {
    const image = await readModelPicture('alpr-detect/golden/input.png');
    const model = await readModelJson('alpr-detect/model.json');
    const detector = createDetector({ session, model });
    const [direct] = await detector.detect({ image });
    // The same picture as if the camera's frame were twice as large, with the small copy handed along.
    const large = {
      kind: 'rgb24',
      width: image.width * 2,
      height: image.height * 2,
      data: new Uint8Array(image.data.length * 4),
    } as const;
    const [scaled] = await detector.detect({ image: large, small: { image, scale: 0.5, offsetX: 0, offsetY: 0 } });
    expect(scaled?.box.x0).toBeCloseTo((direct?.box.x0 ?? Number.NaN) * 2, 3);
    expect(scaled?.corners?.[2].y).toBeCloseTo((direct?.corners?.[2].y ?? Number.NaN) * 2, 3);
    expect(image.data.length).toBeGreaterThan(0);
  });

  it('fills an input of one size, whatever the scale of its pixel values', async () => {
    const model = await readModelJson('alpr-detect/model.json');
    for (const scale of [1, 1 / 255]) {
      const numbers = { type: 'float32', layout: 'NCHW', scale, mean: [0, 0, 0], std: [1, 1, 1] } as const;
      const input = { ...model.input, ...numbers, sizes: 'fixed', width: 64, height: 64 };
      let seen = 0;
      const blind: Session = {
        provider: 'none',
        async run({ [input.name]: given }) {
          seen = given?.data.filter((value: number) => value === 255 * scale).length ?? 0;
          return { detections: { type: 'float32', data: new Float32Array(0), dims: [1, 0, 14] } };
        },
        async [Symbol.asyncDispose]() {},
      };
      const detector = createDetector({ session: blind, model: { ...model, input } });
      await detector.detect({ image: paintRgb(200, 100, [255, 255, 255]) });
      expect(seen).toBe(3 * 64 * 32);
    }
  });

  it('places a plate that fills the picture by a second look at half the size', async () => {
    const image = await readModelPicture('alpr-detect/golden/input.png');
    const golden = await readModelJson('alpr-detect/golden/output.json');
    const model = await readModelJson('alpr-detect/model.json');
    const [x0, y0, x1, y1] = golden.detections[0];
    // The plate with a margin of a third of its width: it then spans three fifths of the picture.
    const margin = (x1 - x0) / 3;
    const quad = toQuad({ x0: x0 - margin, y0: y0 - margin, x1: x1 + margin, y1: y1 + margin });
    const close = rectifyToImage(image, quad, {
      width: 640,
      height: Math.round((640 * (y1 - y0 + 2 * margin)) / (x1 - x0 + 2 * margin)),
    });
    const found = await createDetector({ session, model }).detect({ image: close });
    const [[left, right] = []] = found.map(({ box }) => [box.x0 / 640, box.x1 / 640]);
    expect(left).toBeCloseTo(0.2, 1);
    expect(right).toBeCloseTo(0.8, 1);
  });

  it('finds at twice the size near a box what it finds there in the whole picture', async () => {
    const golden = await readModelPicture('alpr-detect/golden/input.png');
    const detector = createDetector({ session, model: await readModelJson('alpr-detect/model.json') });
    const image = paintRgb(1280, 768, [127, 127, 127]);
    for (let y = 0; y < golden.height; y += 1) {
      const row = golden.data.subarray(y * golden.width * 3, (y + 1) * golden.width * 3);
      image.data.set(row, ((y + 300) * 1280 + 500) * 3);
    }
    const whole = (await detector.detect({ image, zoom: 2 })).filter(({ class: name }) => name === 'plate');
    expect(whole).toHaveLength(2);
    for (const { box, corners = [] } of whole) {
      const seen = await detector.detect({ image, zoom: 2, near: [box] });
      const [near] = seen.filter((one) => measureIou(one.box, box) > 0.9);
      for (const [at, { x, y }] of corners.entries()) {
        const { x: nearX, y: nearY } = near?.corners?.[at] ?? { x: Number.NaN, y: Number.NaN };
        expect(Math.hypot(nearX - x, nearY - y)).toBeLessThan((box.y1 - box.y0) / 8);
      }
    }
    expect(await detector.detect({ image, zoom: 2, near: [] })).toEqual([]);
  });

  it('refuses a model with another decoder and a picture with missing bytes', async () => {
    const model = await readModelJson('alpr-detect/model.json');
    expect(() => createDetector({ session, model: { ...model, decoder: 'yolo11' } })).toThrow(/alpr-detect/);
    const broken = { kind: 'rgb24', width: 10, height: 10, data: new Uint8Array(12) } as const;
    await expect(createDetector({ session, model }).detect({ image: broken })).rejects.toThrow(/300 bytes/);
  });
});

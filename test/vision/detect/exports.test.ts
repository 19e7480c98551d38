import { describe, expect, it } from 'vitest';
import { chooseDecoder, type DecodedModel } from '../../../src/vision/detect/choose-decoder.ts';
import { suppressOverlaps } from '../../../src/vision/detect/nms.ts';
import type { Detection } from '../../../src/vision/detection.ts';
import { type Export, readExport } from './exports.ts';

const outputs = [{ name: 'output0' }];
const coco = Array.from({ length: 80 }, (_, index) => ({ 2: 'car', 6: 'bus' })[index] ?? 'ignored');
const mine = { name: 'mine', outputs, classes: ['plate', 'car'] };

const cases: readonly Readonly<{ file: string; input: number; model: DecodedModel }>[] = [
  { file: 'yolo11-detect', input: 160, model: { ...mine, decoder: 'yolo11-detect' } },
  { file: 'yolo11-pose', input: 160, model: { ...mine, decoder: 'yolo11-pose' } },
  { file: 'yolo11-pose-without-visibility', input: 160, model: { ...mine, decoder: 'yolo11-pose' } },
  { file: 'yolo11-end-to-end', input: 160, model: { ...mine, decoder: 'yolo11-end-to-end' } },
  { file: 'yolo11-pose-end-to-end', input: 160, model: { ...mine, decoder: 'yolo11-end-to-end' } },
  { file: 'yolox', input: 416, model: { ...mine, classes: coco, decoder: 'yolox' } },
  { file: 'yolo-face', input: 320, model: { ...mine, classes: ['plate', 'plate'], decoder: 'yolo-face' } },
];

function decode(found: Export, model: DecodedModel, side: number): readonly Detection[] {
  const { placement, width, height, conf, iou, tensor } = found;
  const look = { placement, width, height, minScore: conf, input: { width: side, height: side } };
  return suppressOverlaps(chooseDecoder(model)({ output0: tensor }, look), iou, iou);
}

function flatten({ box, corners }: Detection): readonly number[] {
  return [box.x0, box.y0, box.x1, box.y1, ...(corners ?? []).flatMap(({ x, y }) => [x, y])];
}

describe('An export of another project', () => {
  for (const { file, input, model } of cases) {
    it(`gives what its own project finds: ${file}`, async () => {
      const golden = await readExport(file);
      const found = decode(golden, model, input);
      expect(found.length).toBeGreaterThan(0);
      const expected = golden.detections.toSorted((a, b) => b.score - a.score);
      expect(found.map((detection) => detection.class)).toEqual(expected.map((row) => model.classes[row.class]));
      for (const [index, row] of expected.entries()) {
        const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = row.box;
        const clipped = [Math.max(0, x0), Math.max(0, y0), Math.min(golden.width, x1), Math.min(golden.height, y1)];
        const points = model.classes[row.class] === 'plate' ? (row.points ?? []) : [];
        const detection = found[index];
        expect(detection?.score).toBeCloseTo(row.score, 4);
        const flat = detection ? flatten(detection) : [];
        expect(flat).toHaveLength(4 + points.length);
        // A hundredth of a pixel: both sides compute in float32.
        for (const [at, value] of [...clipped, ...points].entries())
          expect(Math.abs((flat[at] ?? Number.NaN) - value)).toBeLessThan(0.01);
      }
    });
  }

  it('brings points in another order into ours', async () => {
    const golden = await readExport('yolo-face');
    const model = { ...mine, classes: ['plate', 'plate'], decoder: 'yolo-face' };
    const [straight] = decode(golden, model, 320);
    // The same points said to begin at the top right: every corner is the one that came before.
    const corners = ['top-right', 'bottom-right', 'bottom-left', 'top-left'] as const;
    const [turned] = decode(golden, { ...model, corners }, 320);
    const [tl, tr, br, bl] = straight?.corners ?? [];
    expect(turned?.corners).toEqual([bl, tl, tr, br]);
  });

  it('leaves out classes that are not wanted', async () => {
    const golden = await readExport('yolox');
    const found = decode(
      golden,
      { ...mine, classes: coco.map((name) => (name === 'bus' ? 'ignored' : name)), decoder: 'yolox' },
      416,
    );
    expect(found.map((detection) => detection.class)).toEqual(['car']);
  });
});

describe('chooseDecoder', () => {
  const pose = { ...mine, decoder: 'yolo11-pose' };
  const look = {
    placement: { scale: 1, offsetX: 0, offsetY: 0 },
    width: 9,
    height: 9,
    minScore: 0.5,
    input: { width: 9, height: 9 },
  };
  const tensor = (...dims: number[]) =>
    ({ type: 'float32', dims, data: new Float32Array(dims.reduce((a, b) => a * b, 1)) }) as const;

  it('says what was expected when model.json declares another shape', () => {
    expect(() => chooseDecoder({ ...pose, outputs: [{ name: 'output0', shape: [1, 84, -1] }] })).toThrow(
      'The decoder yolo11-pose expects the output "output0" of mine, with 2 classes, as [1, 14, n] or [1, 18, n], but it is [1, 84, n]; correct decoder or classes in model.json.',
    );
  });

  it.for([
    ['too many classes', { output0: tensor(1, 9, 525) }, '[1, 6, n], but it is float32 [1, 9, 525]'],
    ['rows and columns swapped', { output0: tensor(1, 525, 6) }, '[1, 6, n], but it is float32 [1, 525, 6]'],
    ['a batch of two', { output0: tensor(2, 6, 525) }, '[1, 6, n], but it is float32 [2, 6, 525]'],
    ['no such output', { boxes: tensor(1, 6, 525) }, '[1, 6, n], but it is nothing'],
    ['bytes', { output0: { type: 'uint8', dims: [1, 6, 1], data: new Uint8Array(6) } }, 'but it is uint8 [1, 6, 1]'],
  ] as const)('says what was expected and what came: %s', ([, tensors, message]) => {
    expect(() => chooseDecoder({ ...mine, decoder: 'yolo11-detect' })(tensors, look)).toThrow(message);
  });

  it('says when the rows of YOLOX do not fit its grids', () => {
    const yolox = chooseDecoder({ ...mine, decoder: 'yolox' });
    const input = { width: 64, height: 32 };
    // Strides 8, 16 and 32 on 64×32 px make 8·4 + 4·2 + 2·1 cells.
    expect(() => yolox({ output0: tensor(1, 42, 7) }, { ...look, input })).not.toThrow();
    expect(() => yolox({ output0: tensor(1, 43, 7) }, { ...look, input })).toThrow(
      /has 42 cells .* answered with 43 rows/,
    );
  });

  it('says when a class turns up that model.json does not name', () => {
    const detector = chooseDecoder({ ...mine, decoder: 'yolo11-end-to-end' });
    const data = new Float32Array([10, 10, 20, 20, 0.9, 2, 0, 0, 0, 0, 0, 0]);
    const output0 = { type: 'float32', dims: [1, 2, 6], data } as const;
    expect(() => detector({ output0 }, look)).toThrow(/answered with class 2, but model\.json names 2 classes/);
  });

  it('takes rows of YOLOX that are pixels already as they are', () => {
    const decode = chooseDecoder({ ...mine, decoder: 'yolox', decoded: true });
    const row = [50, 40, 20, 10, 0.9, 0.1, 0.8];
    const data = new Float32Array(row);
    const [car] = decode({ output0: { type: 'float32', dims: [1, 1, 7], data } }, { ...look, width: 100, height: 100 });
    expect(car).toMatchObject({ class: 'car', box: { x0: 40, y0: 35, x1: 60, y1: 45 } });
    expect(car?.score).toBeCloseTo(0.72, 6);
  });

  it('takes the best class of each column of YOLO11', () => {
    // Centre x, centre y, width, height, then the score of each class, for two candidates.
    const data = new Float32Array([5, 60, 5, 60, 4, 20, 4, 10, 0.75, 0.5, 0.25, 0.875]);
    const detector = chooseDecoder({ ...mine, decoder: 'yolo11-detect' });
    const found = detector(
      { output0: { type: 'float32', dims: [1, 6, 2], data } },
      { ...look, width: 100, height: 100 },
    );
    expect(found).toEqual([
      { class: 'plate', score: 0.75, box: { x0: 3, y0: 3, x1: 7, y1: 7 } },
      { class: 'car', score: 0.875, box: { x0: 50, y0: 55, x1: 70, y1: 65 } },
    ]);
  });

  it('drops rows that are not numbers', () => {
    const decode = chooseDecoder({ ...mine, decoder: 'yolo-face', classes: ['plate'] });
    const row = [5, 5, 4, 2, 0.9, 3, 4, 7, 4, 7, 6, 3, 6, 0.9];
    const spoil = (at: number) => row.map((value, index) => (index === at ? NaN : value));
    const data = new Float32Array([row, spoil(0), spoil(4), spoil(13)].flat());
    expect(decode({ output0: { type: 'float32', dims: [1, 4, 14], data } }, look)).toHaveLength(1);
  });

  it('refuses decoders and classes that it does not know', () => {
    expect(() => chooseDecoder({ ...mine, decoder: 'yolo99' })).toThrow(/'yolo99'.*alpr-detect, yolo11-detect/);
    expect(() => chooseDecoder({ ...mine, decoder: 'yolox', classes: ['lorry'] })).toThrow(/'lorry'; known are plate/);
  });
});

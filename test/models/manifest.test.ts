import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { manifestSchema } from '../../src/models/manifest.ts';

const MODELS = new URL('../../models/', import.meta.url);

const common = {
  name: 'mine',
  version: '1',
  file: 'best.onnx',
  sha256: 'a'.repeat(64),
  bytes: 1000,
  licence: 'proprietary',
};
const detect = {
  ...common,
  task: 'detect',
  input: { name: 'images', width: 640, height: 640 },
  outputs: [{ name: 'output0', shape: [1, 5, 8400] }],
  classes: ['plate'],
};
const read = {
  ...common,
  task: 'read',
  input: { name: 'x', width: 320, height: 48 },
  outputs: [{ name: 'softmax', shape: [-1, -1, 97] }],
};

function explain(manifest: object): string {
  const parsed = manifestSchema.safeParse(manifest);
  return parsed.success ? 'accepted' : z.prettifyError(parsed.error);
}

describe('model.json', () => {
  test.for(['alpr-detect', 'alpr-read', 'alpr-vehicles', 'alpr-words'])('describes the shipped %s', async (name) => {
    const manifest = JSON.parse(await readFile(new URL(`${name}/model.json`, MODELS), 'utf8'));
    const { input } = manifestSchema.parse(manifest);
    expect(input).toMatchObject({ ...manifest.input, scale: 1, mean: [0, 0, 0], std: [1, 1, 1] });
  });

  // The pre-processing that each project documents for its exports.
  test.for([
    [
      'yolo11-detect',
      { type: 'float32', layout: 'NCHW', channels: 'RGB', scale: 1 / 255, sizes: 'fixed' },
      'centre',
      114,
    ],
    ['yolo-face', { type: 'float32', layout: 'NCHW', channels: 'RGB', scale: 1 / 255, sizes: 'fixed' }, 'centre', 0],
    ['yolox', { type: 'float32', layout: 'NCHW', channels: 'BGR', scale: 1, sizes: 'fixed' }, 'top-left', 114],
  ] as const)('knows how %s wants its pictures', ([decoder, input, place, padding]) => {
    expect(manifestSchema.parse({ ...detect, decoder })).toMatchObject({
      input: {
        ...input,
        mean: [0, 0, 0],
        std: [1, 1, 1],
        letterbox: { place, padding, resample: 'bilinear', stride: 32 },
      },
    });
  });

  test('knows how PaddleOCR wants its plates', () => {
    const manifest = manifestSchema.parse({ ...read, decoder: 'paddleocr', dictionary: { file: 'en_dict.txt' } });
    expect(manifest.input).toMatchObject({
      channels: 'BGR',
      scale: 1 / 255,
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
      sizes: 'dynamic',
    });
  });

  test('knows how fast-plate-ocr wants its plates', () => {
    const manifest = manifestSchema.parse({ ...read, decoder: 'fast-plate-ocr', alphabet: 'AB_', slots: 9 });
    expect(manifest).toMatchObject({
      pad_char: '_',
      input: { type: 'uint8', layout: 'NHWC', channels: 'GRAY', scale: 1 },
    });
  });

  test('takes the few classes of COCO that are used by their index', () => {
    const classes = { count: 80, used: { 2: 'car', 3: 'motorcycle', 5: 'bus', 7: 'truck' } };
    const manifest = manifestSchema.parse({ ...detect, decoder: 'yolox', classes });
    if (manifest.task !== 'detect') throw new TypeError('expected a detector');
    expect(manifest.classes).toHaveLength(80);
    expect(manifest.classes.slice(0, 8)).toEqual([
      'ignored',
      'ignored',
      'car',
      'motorcycle',
      'ignored',
      'bus',
      'ignored',
      'truck',
    ]);
  });

  test('lets mean and std differ by channel', () => {
    const input = { ...detect.input, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
    expect(manifestSchema.parse({ ...detect, decoder: 'yolo11-detect', input }).input).toMatchObject(input);
  });

  test.for([
    ['an unknown decoder', { decoder: 'yolo99' }, /yolo11-detect/],
    ['the wrong task', { task: 'read' }, /expected "detect"/],
    ['normalised bytes', { input: { ...detect.input, type: 'uint8', scale: 0.5 } }, /expected no scale, mean and std/],
    ['a standard deviation of 0', { input: { ...detect.input, std: 0 } }, /std/],
    ['an unknown field', { input: { ...detect.input, colour: 'RGB' } }, /colour/],
    ['a class that is not known', { classes: ['plates'] }, /classes/],
    ['a class index beyond the count', { classes: { count: 2, used: { 7: 'car' } } }, /below count 2, but 7 is used/],
    ['nothing but ignored classes', { classes: ['ignored'] }, /at least one class that is not ignored/],
    ['a corner named twice', { corners: ['top-left', 'top-left', 'bottom-right', 'bottom-left'] }, /each of top-left/],
  ] as const)('refuses %s in one sentence', ([, change, message]) => {
    expect(explain({ ...detect, decoder: 'yolo11-pose', ...change })).toMatch(message);
  });
});

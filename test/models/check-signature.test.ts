import { describe, expect, test } from 'vitest';
import { checkSignature } from '../../src/models/check-signature.ts';
import { manifestSchema } from '../../src/models/manifest.ts';

const written = {
  name: 'mine',
  version: '1',
  file: 'best.onnx',
  sha256: 'a'.repeat(64),
  bytes: 1000,
  licence: 'proprietary',
  task: 'detect',
  decoder: 'yolo11-detect',
  input: { name: 'images', width: 640, height: 384 },
  outputs: [{ name: 'output0', shape: [1, 5, -1] }],
  classes: ['plate'],
};
// What ONNX Runtime says of an export by Ultralytics at imgsz (384, 640).
const inputs = [{ name: 'images', type: 'float32', shape: [1, 3, 384, 640] }];
const outputs = [{ name: 'output0', type: 'float32', shape: [1, 5, 5040] }];
const open = [{ name: 'images', type: 'float32', shape: ['batch', 3, 'height', 'width'] }];

function check(change: object, signature: Partial<Parameters<typeof checkSignature>[1]>): void {
  checkSignature(manifestSchema.parse({ ...written, ...change }), { inputs, outputs, ...signature }, 'best.onnx');
}

describe('checkSignature', () => {
  test('accepts the file that model.json describes', () => {
    expect(() => check({}, {})).not.toThrow();
    expect(() => check({ input: { ...written.input, sizes: 'dynamic' } }, { inputs: open })).not.toThrow();
    expect(() => check({}, { inputs: open })).not.toThrow();
  });

  test.for([
    [
      'another input name',
      { input: { ...written.input, name: 'image' } },
      {},
      'best.onnx: model.json names the input "image", but the file has "images".',
    ],
    [
      'bytes where the file takes floats',
      { input: { ...written.input, type: 'uint8' } },
      {},
      'best.onnx: model.json says that the input is uint8, but the file takes float32; correct input.type.',
    ],
    [
      'an export with half precision',
      {},
      { inputs: [{ name: 'images', type: 'float16', shape: [1, 3, 384, 640] }] },
      'best.onnx: model.json says that the input is float32, but the file takes float16; export it without half precision.',
    ],
    [
      'sides that are swapped',
      { input: { ...written.input, width: 384, height: 640 } },
      {},
      'best.onnx: model.json says that the input is NCHW, RGB, 384×640, so [?, 3, 640, 384], but the file takes [1, 3, 384, 640].',
    ],
    [
      'another layout',
      { input: { ...written.input, layout: 'NHWC' } },
      {},
      'best.onnx: model.json says that the input is NHWC, RGB, 640×384, so [?, 384, 640, 3], but the file takes [1, 3, 384, 640].',
    ],
    [
      'sizes that are not dynamic',
      { input: { ...written.input, sizes: 'dynamic' } },
      {},
      'best.onnx: model.json says that the input\'s sizes are dynamic, but the file takes only [1, 3, 384, 640]; set input.sizes to "fixed".',
    ],
    [
      'a missing output',
      { outputs: [{ name: 'boxes', shape: [1, 5, -1] }] },
      {},
      'best.onnx: model.json names the output "boxes", but the file has "output0".',
    ],
    [
      'an output of another shape',
      { outputs: [{ name: 'output0', shape: [1, 84, -1] }] },
      {},
      'best.onnx: model.json says that the output "output0" is [1, 84, ?], but the file gives [1, 5, 5040].',
    ],
    [
      'a second input',
      {},
      { inputs: [...inputs, { name: 'orig_target_sizes', type: 'int64', shape: [1, 2] }] },
      'best.onnx: expected the one input "images", but the file asks for "images", "orig_target_sizes".',
    ],
  ] as const)('says what was expected and what came: %s', ([, change, signature, message]) => {
    expect(() => check(change, signature)).toThrow(message);
  });
});

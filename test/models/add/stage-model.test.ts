import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readOnnxFacts } from '../../../src/models/add/onnx-facts.ts';
import { type AddRequest, stageModel } from '../../../src/models/add/stage-model.ts';
import { findModel, listModels } from '../../../src/models/hub.ts';
import { keepLog } from '../../camera/log.ts';

const READERS = new URL('../../fixtures/readers/', import.meta.url).pathname;
const RANDOM = join(READERS, 'random_rec.onnx');
const OWN = new URL('../../../models/alpr-read/model.onnx', import.meta.url).pathname;
let folder: string;
let files: string;

beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'add-'));
  folder = join(files, 'models');
});
afterAll(() => rm(files, { recursive: true }));

function stage(file: string, said: Partial<AddRequest> = {}) {
  return stageModel({ file, folder, providers: ['cpu'], log: keepLog(), ...said });
}

describe('readOnnxFacts', () => {
  test('reads the producer and the dictionary that an export carries', async () => {
    const { producer, metadata } = await readOnnxFacts(RANDOM);
    expect(producer).toBe('pytorch');
    expect(metadata.get('character')?.split('\n')).toHaveLength(65);
    expect(metadata.get('character')).toMatch(/^0\n1\n2\n.*\.\nÉ$/s);
  });
});

describe('stageModel', () => {
  test('writes a model that can be found once it is kept, with the dictionary beside it', async () => {
    {
      await using staged = await stage(RANDOM);
      expect(staged.manifest).toMatchObject({ name: 'random_rec', decoder: 'paddleocr', licence: 'not stated' });
      expect(await listModels([folder])).toEqual([]);
      expect(await staged.keep()).toBe(join(folder, 'random_rec'));
    }
    expect(await readdir(folder)).toEqual(['random_rec']);
    expect((await readdir(join(folder, 'random_rec'))).sort()).toEqual(['dictionary.txt', 'model.json', 'model.onnx']);
    const { manifest } = await findModel('random_rec', [folder]);
    expect(manifest).toMatchObject({ bytes: (await stat(RANDOM)).size, use_space_char: true });
    expect('dictionary' in manifest && manifest.dictionary.at(-1)).toBe('É');
  });

  test('leaves nothing of a model that is not kept', async () => {
    {
      await using staged = await stage(RANDOM, { name: 'tried' });
      expect(await readdir(staged.folder)).toContain('model.json');
    }
    expect((await readdir(folder)).filter((name) => name !== 'random_rec')).toEqual([]);
  });

  test.for<[string, string]>([
    ['a name that exists', 'random_rec'],
    ['a name that leaves the folder', '../evil'],
    ['an absolute name', '/tmp/evil'],
    ['a hidden name', '.evil'],
    ['capitals', 'Evil'],
  ])('refuses %s', async ([, name]) => {
    await expect(stage(RANDOM, { name })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/--name/),
    });
  });

  test('names a model after its file', async () => {
    const file = join(files, 'My Best (v2).ONNX');
    await writeFile(file, await readFile(RANDOM));
    await using staged = await stage(file);
    expect(staged.manifest.name).toBe('my-best-v2');
  });

  test.for<[string, Buffer | string, RegExp]>([
    ['best.pt', 'PK\u0003\u0004rest', /is a ZIP archive, as PyTorch .* yolo export model=best\.pt format=onnx/],
    ['old.pth', Buffer.from([0x80, 2, 0x8a, 10]), /is a Python pickle/],
    ['best.engine', '\u0000\u0000\u0000\u0000ftrt rest', /is a TensorRT engine, which runs only on the GPU model/],
    ['best.tflite', '\u001c\u0000\u0000\u0000TFL3 rest', /is a TensorFlow Lite network/],
    ['best.h5', Buffer.from('\u0089HDF\r\n', 'latin1'), /is an HDF5 file, as Keras saves/],
    ['page.onnx', '<!DOCTYPE html><html>', /is a web page: a download that went wrong/],
    ['pointer.onnx', 'version https://git-lfs.github.com/spec/v1\n', /is a Git LFS pointer/],
    ['inference.pdmodel', Buffer.from([10, 4, 1, 2, 3, 4]), /paddle2onnx/],
    ['text.onnx', 'hello', /is not an ONNX file/],
    ['noise.onnx', Buffer.from([8, 7, 255, 255, 255, 3, 9]), /is not an ONNX file/],
    ['empty.onnx', '', /is empty/],
  ])('refuses %s with a sentence and writes nothing', async ([name, bytes, message]) => {
    const file = join(files, name);
    await writeFile(file, bytes);
    const before = await readdir(folder).catch(() => []);
    await expect(stage(file)).rejects.toMatchObject({ code: 'MODEL_INVALID', message: expect.stringMatching(message) });
    expect(await readdir(folder).catch(() => [])).toEqual(before);
  });

  test('refuses a file that was cut off, with both sizes', async () => {
    const file = join(files, 'cut.onnx');
    await writeFile(file, (await readFile(OWN)).subarray(0, 100_000));
    const message = expect.stringMatching(/is cut off: it should have at least \d{7} bytes, but has 100000\. Copy it/);
    await expect(stage(file)).rejects.toMatchObject({ code: 'MODEL_INVALID', message });
  });

  test('refuses a folder and a file that is not there', async () => {
    await mkdir(join(files, 'folder.onnx'));
    await expect(stage(join(files, 'folder.onnx'))).rejects.toMatchObject({
      message: expect.stringMatching(/is a folder/),
    });
    await expect(stage(join(files, 'gone.onnx'))).rejects.toMatchObject({ message: expect.stringMatching(/no file/) });
  });
});

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findModel, listModels, verifyModelFile } from '../../src/models/hub.ts';

const MODELS = new URL('../../models/', import.meta.url).pathname;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'models-'));
  for (const name of ['cut', 'changed', 'odd'])
    await cp(join(MODELS, 'alpr-read'), join(folder, name), { recursive: true });
  const weights = await readFile(join(folder, 'cut/model.onnx'));
  await writeFile(join(folder, 'cut/model.onnx'), weights.subarray(0, 1000));
  weights.writeUInt8(weights.readUInt8(5000) ^ 1, 5000);
  await writeFile(join(folder, 'changed/model.onnx'), weights);
});
afterAll(() => rm(folder, { recursive: true }));

async function writeOdd(change: object): Promise<void> {
  const manifest = JSON.parse(await readFile(join(MODELS, 'alpr-read/model.json'), 'utf8'));
  await writeFile(join(folder, 'odd/model.json'), JSON.stringify({ ...manifest, ...change }));
}

describe('The hub of models', () => {
  test.for(['alpr-detect', 'alpr-read', 'alpr-vehicles', 'alpr-words'])(
    'finds and verifies the committed %s by its name',
    async (name) => {
      const found = await findModel(name, [folder, MODELS]);
      expect(found.manifest.name).toBe(name);
      expect(await verifyModelFile(found)).toBe(join(MODELS, name, 'model.onnx'));
    },
  );

  test('finds a model by its folder, whatever the model folders are', async () => {
    expect((await findModel(join(MODELS, 'alpr-read'), [])).manifest.task).toBe('read');
  });

  test('lists the names of all models', async () => {
    expect(await listModels([folder, join(folder, 'nowhere')])).toEqual(['changed', 'cut', 'odd']);
  });

  test('says what there is when a model is not there', async () => {
    await expect(findModel('alpr-raed', [folder])).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringMatching(/Expected a model "alpr-raed".*There are: changed, cut, odd\. Correct the name/),
    });
  });

  test('refuses weights that were cut off, with both sizes', async () => {
    const found = await findModel('cut', [folder]);
    const message = expect.stringContaining(`expected ${found.manifest.bytes} bytes as model.json says, found 1000.`);
    await expect(verifyModelFile(found)).rejects.toMatchObject({ code: 'MODEL_INVALID', message });
  });

  test('refuses weights of which one bit was changed', async () => {
    await expect(findModel('changed', [folder]).then(verifyModelFile)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(/expected sha256 [0-9a-f]{64} as model\.json says, found [0-9a-f]{64}/),
    });
  });

  test.for([
    ['an unknown key', { colour: 'red' }, /colour/],
    ['a missing alphabet', { alphabet: undefined }, /alphabet/],
    ['a short sha256', { sha256: 'abc' }, /64 lower-case hexadecimal digits/],
    ['a file outside its folder', { file: '../model.onnx' }, /expected a relative path below the folder/],
    ['an unknown decoder', { decoder: 'magic' }, /decoder/],
  ] as const)('refuses a model.json with %s and names the field', async ([, change, message]) => {
    await writeOdd(change);
    await expect(findModel('odd', [folder])).rejects.toMatchObject({ code: 'MODEL_INVALID', message });
  });

  test('refuses a model.json that is not JSON', async () => {
    await writeFile(join(folder, 'odd/model.json'), '{"name": ');
    await expect(findModel('odd', [folder])).rejects.toMatchObject({ code: 'MODEL_INVALID', message: /is not JSON/ });
  });
});

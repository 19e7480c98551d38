import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { describe, expect, test, vi } from 'vitest';
import { openOnnxSession } from '../../src/models/onnx.ts';
import { openModel } from '../../src/models/open.ts';
import type { Tensor } from '../../src/vision/session.ts';
import { keepLog } from '../camera/log.ts';

const MODELS = new URL('../../models/', import.meta.url).pathname;
const log = keepLog();
const one = { folders: [MODELS], providers: ['cpu'], workers: 1, threads: 1, log } as const;
const read = join(MODELS, 'alpr-read/model.onnx');

function plates(count: number, width = 128): { plates: Tensor } {
  return { plates: { type: 'uint8', dims: [count, 64, width, 3], data: new Uint8Array(count * 64 * width * 3) } };
}

describe('A network in worker threads', () => {
  test('gives what ONNX Runtime in Python gave for the golden plates', async () => {
    await using model = await openModel({ ...one, model: 'alpr-read', task: 'read' });
    const golden = JSON.parse(await readFile(join(MODELS, 'alpr-read/golden/output.json'), 'utf8'));
    for (const [index, name] of (golden.inputs as string[]).entries()) {
      const data = new Uint8Array(
        await sharp(join(MODELS, 'alpr-read/golden', name))
          .removeAlpha()
          .raw()
          .toBuffer(),
      );
      const { slots } = await model.session.run({ plates: { type: 'uint8', dims: [1, 64, 128, 3], data } });
      const expected = (golden.slots[index] as number[][]).flat();
      const worst = Math.max(...expected.map((value, at) => Math.abs(value - (slots?.data[at] ?? Number.NaN))));
      expect(slots?.dims).toEqual([1, 10, 37]);
      expect(worst).toBeLessThan(golden.tolerance);
    }
  });

  test('reports nothing to the maker of its runtime', async () => {
    delete process.env.ORT_DISABLE_TELEMETRY;
    await using _ = await openOnnxSession({ ...one, file: read });
    expect(process.env.ORT_DISABLE_TELEMETRY).toBe('1');
    // ONNX Runtime's reporter opens this file first.
    expect(existsSync(join(tmpdir(), `mat-debug-${process.pid}.log`))).toBe(false);
  });

  test('says which provider and which weights it runs', async () => {
    await using model = await openModel({ ...one, providers: ['auto'], model: 'alpr-detect', task: 'detect' });
    expect(['cpu', 'cuda']).toContain(model.session.provider);
    expect(model.id).toMatch(/^alpr-detect@[0-9a-f]{12}$/);
    expect(model.manifest.sha256).toContain(model.id.split('@')[1]);
  });

  test('answers many runs at once on two workers, each with its own result', async () => {
    await using session = await openOnnxSession({ ...one, file: read, workers: 2 });
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((count) => session.run(plates(count))));
    expect(answers.map(({ ctc }) => ctc?.dims[0])).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('gives back the buffer of a feed, once and for its size only', async () => {
    await using session = await openOnnxSession({ ...one, file: read });
    const feeds = plates(1);
    const bytes = feeds.plates.data.length;
    expect(session.lend?.(bytes)).toBeUndefined();
    await session.run(feeds);
    expect(feeds.plates.data).toHaveLength(0);
    expect(session.lend?.(bytes + 1)).toBeUndefined();
    expect(session.lend?.(bytes)).toHaveLength(bytes);
    expect(session.lend?.(bytes)).toBeUndefined();
  });

  test('lends a part of a larger buffer, and takes all of it with the next run', async () => {
    await using session = await openOnnxSession({ ...one, file: read });
    const { data } = plates(1).plates;
    const expected = await session.run(plates(1));
    await session.run(plates(2));
    const part = session.lend?.(data.length) ?? new Uint8Array(0);
    expect([part.length, part.buffer.byteLength]).toEqual([data.length, 2 * data.length]);
    part.set(data);
    expect(await session.run({ plates: { type: 'uint8', dims: [1, 64, 128, 3], data: part } })).toEqual(expected);
    expect(part).toHaveLength(0);
    expect(session.lend?.(2 * data.length)).toHaveLength(2 * data.length);
  });

  test('leaves a part of a larger buffer to its owner', async () => {
    await using session = await openOnnxSession({ ...one, file: read });
    const large = new Uint8Array(64 * 128 * 3 + 10).fill(7);
    await session.run({ plates: { type: 'uint8', dims: [1, 64, 128, 3], data: large.subarray(10) } });
    expect(large[0]).toBe(7);
  });

  test.for([
    ['another width', plates(1, 96), /expects plates as uint8 \[n, 64, 128, 3\], but got uint8 \[1, 64, 96, 3\]/],
    ['another name', { image: plates(1).plates }, /expects plates as .* but got image/],
    [
      'too few numbers',
      { plates: { type: 'uint8', dims: [1, 64, 128, 3], data: new Uint8Array(5) } },
      /has 24576 numbers, but got 5/,
    ],
    [
      'another type',
      { plates: { type: 'float32', dims: [1, 64, 128, 3], data: new Float32Array(24576) } },
      /but got float32/,
    ],
  ] as [string, Record<string, Tensor>, RegExp][])(
    'refuses %s and names what was expected',
    async ([, feeds, message]) => {
      await using session = await openOnnxSession({ ...one, file: read });
      await expect(session.run(feeds)).rejects.toMatchObject({ code: 'INFERENCE_FAILED', message });
      expect((await session.run(plates(1))).ctc?.dims[0]).toBe(1);
    },
  );

  test('fails the runs of a thread that dies, and starts it again with the next run', async () => {
    await using session = await openOnnxSession({ ...one, file: read });
    const { postMessage } = Worker.prototype;
    vi.spyOn(Worker.prototype, 'postMessage').mockImplementationOnce(function (this: Worker) {
      postMessage.call(this, null);
    });
    await expect(session.run(plates(8))).rejects.toMatchObject({
      code: 'INFERENCE_FAILED',
      message: /its thread died/,
    });
    vi.restoreAllMocks();
    expect((await session.run(plates(1))).ctc?.dims[0]).toBe(1);
  });

  test('fails the runs that wait when it is closed', async () => {
    const session = await openOnnxSession({ ...one, file: read });
    const refused = expect(session.run(plates(8))).rejects.toMatchObject({
      code: 'INFERENCE_FAILED',
      message: /was closed/,
    });
    await session[Symbol.asyncDispose]();
    await refused;
    await expect(session.run(plates(1))).rejects.toMatchObject({ code: 'INFERENCE_FAILED' });
  });

  test('refuses a file that is not a network, and a provider that is not here', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onnx-'));
    const file = join(folder, 'model.onnx');
    await writeFile(file, 'this is not a network');
    await expect(openOnnxSession({ ...one, file })).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    await rm(folder, { recursive: true });
    if (process.platform === 'linux') {
      const asked = openOnnxSession({ ...one, file: read, providers: ['tensorrt'] });
      await expect(asked).rejects.toMatchObject({
        code: 'PROVIDER_UNAVAILABLE',
        message: /\(tensorrt\) can be used here/,
      });
    }
  });

  test('refuses a model of another task', async () => {
    const asked = openModel({ ...one, model: 'alpr-read', task: 'detect' });
    await expect(asked).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: /has the task "read", expected "detect"/,
    });
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../../src/app/config.ts';
import { openVision } from '../../../src/app/open-vision.ts';
import type { Camera } from '../../../src/camera/camera.ts';
import { decodePicture } from '../../../src/camera/pictures.ts';
import { runEdge } from '../../../src/edge/edge.ts';
import { openFileImages } from '../../../src/images/files.ts';
import { modelServerSchema } from '../../../src/models/kserve/config.ts';
import { openKServe } from '../../../src/models/kserve/open.ts';
import { writeTritonRepository } from '../../../src/models/triton/write-repository.ts';
import { Telemetry } from '../../../src/telemetry/telemetry.ts';
import type { Frame } from '../../../src/vision/frame.ts';
import { packageFolder } from '../../../tools/servers/cache.ts';
import { PACKAGES } from '../../../tools/servers/packages.ts';
import { startTriton, type TritonServer } from '../../../tools/servers/triton.ts';
import { openInProcessBus } from '../../bus/open-in-process.ts';
import { keepLog } from '../../camera/log.ts';
import { createEdgeOptions } from '../../edge/edge-options.ts';
import { describeWith } from '../../servers/describe-with.ts';
import { openSessionOf, readModelPicture } from '../../vision/onnx-session.ts';

const MODELS = new URL('../../../models/', import.meta.url).pathname;
const PICTURES = ['tollgate-115.jpg', 'tollgate-20.jpg', 'tollgate-315.jpg'];
const models = ['alpr-detect', 'alpr-read'];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'triton-'));
});
afterAll(() => rm(folder, { recursive: true }));

function readFixture(name: string) {
  return decodePicture(new URL(`../../fixtures/${name}`, import.meta.url).pathname);
}

function openWith(settings: readonly string[], telemetry = new Telemetry()) {
  return openVision(loadConfig({ environment: {}, settings }), keepLog(), undefined, { telemetry });
}

/** A live camera that shows one picture again and again until it is stopped. */
async function openCamera(): Promise<Camera> {
  const image = await readFixture('tollgate-115.jpg');
  const state = {
    state: 'running',
    message: '',
    since: 0,
    ...{ width: image.width, height: image.height, framesIn: 0, restarts: 0 },
  } as const;
  return {
    ...{ id: 'gate', name: 'Gate', kind: 'file', live: true, stills: false, state },
    async *frames(signal): AsyncGenerator<Frame> {
      for (let sequence = 0; !signal.aborted; sequence += 1) {
        yield { cameraId: 'gate', sequence, capturedAt: Date.now(), mediaTime: sequence * 50, image };
        await sleep(50);
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}

describeWith(['triton'], 'Networks on a real Triton', () => {
  let triton: TritonServer;
  let names: readonly string[];
  beforeAll(async () => {
    names = await writeTritonRepository({
      folder: join(folder, 'python'),
      models,
      folders: [MODELS],
      python: true,
      log: keepLog(),
    });
    triton = await startTriton({ repository: join(folder, 'python', 'models') });
  }, 120_000);
  afterAll(() => triton?.[Symbol.asyncDispose]());

  test.each(['http', 'grpc'] as const)(
    'read over %s what they read in this process, with the same probabilities',
    async (protocol) => {
      await using here = await openWith([]);
      await using there = await openWith([`models.server.url=${triton[protocol]}`]);
      for (const name of PICTURES) {
        const image = await readFixture(name);
        const [expected, found] = await Promise.all([here.recognise(image), there.recognise(image)]);
        expect(expected.length).toBeGreaterThan(0);
        expect(found.map(({ reading }) => reading.text)).toEqual(expected.map(({ reading }) => reading.text));
        for (const [index, { reading }] of found.entries()) {
          expect(reading?.confidence).toBeCloseTo(expected[index]?.reading.confidence ?? Number.NaN, 4);
        }
      }
      expect(there.models.detector.provider).toMatch(/^triton@127\.0\.0\.1:\d+$/);
    },
  );

  test.each(['http', 'grpc'] as const)(
    'refuse over %s a wrong shape and an unknown model in words',
    async (protocol) => {
      const config = modelServerSchema.parse({ url: triton[protocol] });
      await using client = await openKServe(config);
      const [, reader = ''] = names;
      const plate = { name: 'plates', datatype: 'UINT8', shape: [1, 64, 64, 3], data: new Uint8Array(64 * 64 * 3) };
      await expect(client.infer(reader, [plate], ['slots'])).rejects.toMatchObject({ code: 'INFERENCE_REFUSED' });
      await expect(client.infer('nobody', [plate], ['slots'])).rejects.toMatchObject({
        code: 'INFERENCE_SERVER_AWAY',
        message: /load the model there/,
      });
      expect(await client.isReady(reader)).toBe(true);
      expect(await client.isReady('nobody')).toBe(false);
    },
  );

  test('fail within the deadline while it hangs, so that every frame is counted, and go on when it answers again', async () => {
    const telemetry = new Telemetry();
    const still = ['vision.gate.enabled=false'];
    const settings = [`models.server.url=${triton.grpc}`, 'models.server.deadline_ms=500', ...still];
    await using vision = await openWith(settings, telemetry);
    await using images = await openFileImages(join(folder, 'images'));
    await using bus = await openInProcessBus();
    const camera = await openCamera();
    const createPipeline = () => vision.createPipeline(camera);
    const options = createEdgeOptions({
      cameras: [camera],
      createPipeline,
      bus,
      images,
      folder: join(folder, 'edge'),
      telemetry,
    });
    const edge = await runEdge(options);
    const seen = () => {
      const [status] = edge.statuses();
      const { queue = 0, failed = 0 } = status?.frames_dropped ?? {};
      return { processed: status?.frames_processed ?? 0, queue, failed };
    };
    await expect.poll(() => seen().processed, { timeout: 10_000 }).toBeGreaterThan(3);
    await triton.control.pause();
    const before = seen();
    await expect.poll(() => seen().failed, { timeout: 5000 }).toBeGreaterThan(10);
    expect(seen().queue).toBeGreaterThan(before.queue);
    expect((await telemetry.format()).text).toContain('alpr_inference_server_works 0');
    await triton.control.resume();
    const { processed } = seen();
    await expect.poll(() => seen().processed, { timeout: 15_000 }).toBeGreaterThan(processed + 3);
    expect((await telemetry.format()).text).toContain('alpr_inference_server_works 1');
    await edge[Symbol.asyncDispose]();
  }, 60_000);

  test('run here by rule after kill -9, and there again after its restart', async () => {
    await using vision = await openWith([`models.server.url=${triton.http}`, 'models.server.when_away=local']);
    const image = await readFixture('tollgate-115.jpg');
    const [served] = await vision.recognise(image);
    await triton.control.kill();
    const [local] = await vision.recognise(image);
    expect(local?.reading.text).toBe(served?.reading.text);
    expect(vision.models.detector.provider).toBe('cpu');
    await triton.control.restart();
    const readAgain = async () => (await vision.recognise(image)) && vision.models.detector.provider;
    await expect.poll(readAgain, { timeout: 15_000, interval: 200 }).toMatch(/^triton@/);
  }, 60_000);
});

describeWith(['triton'], 'A model repository for a Triton with a GPU', () => {
  test('has a config.pbtxt that Triton understands: it lacks the back end alone', async () => {
    const repository = join(folder, 'onnx');
    const names = await writeTritonRepository({
      folder: repository,
      models,
      folders: [MODELS],
      python: false,
      log: keepLog(),
    });
    await using triton = await startTriton({ repository: join(repository, 'models'), models: [] });
    const load = async (name: string) =>
      (await fetch(`${triton.http}/v2/repository/models/${name}/load`, { method: 'POST' })).text();
    for (const name of names) expect(await load(name)).toMatch(/unable to find .*backend.*onnxruntime/i);
    const config = join(repository, 'models', names[0] ?? '', 'config.pbtxt');
    await writeFile(config, (await readFile(config, 'utf8')).replace('max_batch_size', 'most_batch'));
    expect(await load(names[0] ?? '')).not.toMatch(/backend/);
  }, 60_000);

  test('has a script that turns the int8 network into one in float, which finds the same', async () => {
    const float = join(folder, 'float.onnx');
    const script = new URL('../../../src/models/triton/to-float.py', import.meta.url).pathname;
    const model = join(MODELS, 'alpr-detect/model.onnx');
    const onnx = PACKAGES.triton.find(({ name }) => name === 'onnx') ?? expect.unreachable();
    const env = { ...process.env, PYTHONPATH: packageFolder(onnx) };
    await promisify(execFile)('python3', [script, model, float], { env });
    const { data, width, height } = await readModelPicture('alpr-detect/golden/input.png');
    const detect = async (file: string) => {
      await using session = await openSessionOf(new URL(`file://${file}`));
      const image = { type: 'uint8', dims: [1, height, width, 3], data: data.slice() } as const;
      return [...((await session.run({ image })).detections?.data ?? [])];
    };
    const [int8, inFloat] = [await detect(model), await detect(float)];
    const best = (rows: readonly number[]) => rows.slice(0, 14);
    expect(inFloat).not.toEqual(int8);
    for (const [index, value] of best(inFloat).entries())
      expect(Math.abs(value - (best(int8)[index] ?? 0))).toBeLessThan(4);
  });
});

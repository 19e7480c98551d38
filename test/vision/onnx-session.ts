import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { manifestSchema } from '../../src/models/manifest.ts';
import type { RgbImage } from '../../src/vision/image.ts';
import type { Session, Tensor } from '../../src/vision/session.ts';

const MODELS = new URL('../../models/', import.meta.url);

/** A committed model in ONNX Runtime on `threads` threads of this process, behind the Session port. */
export function openSession(name: string, threads = 1): Promise<Session> {
  return openSessionOf(new URL(`${name}/model.onnx`, MODELS), threads);
}

/** The same for any ONNX file. */
export async function openSessionOf(file: URL, threads = 1): Promise<Session> {
  // As in the product: the runtime would report to its maker.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const onnx = await InferenceSession.create(file.pathname, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  return {
    provider: 'cpu',
    async run(feeds) {
      const entries = Object.entries(feeds).map(([key, { type, data, dims }]) => [
        key,
        new OnnxTensor(type, data, dims),
      ]);
      const results = await onnx.run(Object.fromEntries(entries));
      return Object.fromEntries(Object.entries(results).map(([key, value]) => [key, toTensor(value)]));
    },
    async [Symbol.asyncDispose]() {
      await onnx.release();
    },
  };
}

function toTensor({ dims, data }: OnnxTensor): Tensor {
  if (!(data instanceof Float32Array)) throw new TypeError('expected float32 from the committed models');
  return { type: 'float32', dims, data };
}

/** A JSON file of a committed model's folder; a model.json with its defaults filled in. */
export async function readModelJson(path: string) {
  const json = JSON.parse(await readFile(new URL(path, MODELS), 'utf8'));
  return path.endsWith('model.json') ? manifestSchema.parse(json) : json;
}

/** A picture file as packed RGB. */
async function readPicture(path: string | URL): Promise<RgbImage> {
  const source = await readFile(path);
  const { data, info } = await sharp(source)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { kind: 'rgb24', width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** A picture of a committed model's folder. */
export async function readModelPicture(path: string): Promise<RgbImage> {
  return readPicture(new URL(path, MODELS));
}

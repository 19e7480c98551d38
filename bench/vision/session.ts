import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import type { Session, Tensor } from '../../src/vision/session.ts';

const MODELS = new URL('../../models/', import.meta.url);

/** A committed model on `threads` threads of this process: the plainest Session, so that only the networks and our code count. */
export async function openSession(name: string, threads = 1): Promise<Session> {
  const path = new URL(`${name}/model.onnx`, MODELS).pathname;
  const onnx = await InferenceSession.create(path, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  return {
    provider: 'cpu',
    async run(feeds) {
      const inputs = Object.entries(feeds).map(([key, { type, data, dims }]) => [
        key,
        new OnnxTensor(type, data, dims),
      ]);
      const results = await onnx.run(Object.fromEntries(inputs));
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

/** The manifest of a committed model. */
export async function readModel(name: string) {
  return JSON.parse(await readFile(new URL(`${name}/model.json`, MODELS), 'utf8'));
}

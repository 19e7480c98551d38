import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { examineProviders, explainProvider } from '../../src/models/examine-providers.ts';
import { keepLog } from '../camera/log.ts';

const READER = new URL('../../models/alpr-read/model.onnx', import.meta.url).pathname;

test('Every execution provider is tried, and each that cannot be used has a reason', async () => {
  const found = await examineProviders(READER, keepLog());
  expect(found.map(({ provider }) => provider)).toEqual(['tensorrt', 'cuda', 'webgpu', 'cpu']);
  expect(found.at(-1)).toEqual({ provider: 'cpu' });
  for (const { whyNot } of found) if (whyNot !== undefined) expect(whyNot.length).toBeGreaterThan(20);
});

// The first three as ONNX Runtime 1.30 said them here, the last as CUDA words it.
test.for([
  ['no available backend found. ERR: [coreml] backend not found.', /^this build of ONNX Runtime does not have it$/],
  ['OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library', /^its part .* is not installed/],
  [
    'webgpu_context.cc:136 Initialize was false. Failed to get a WebGPU adapter: No supported adapters',
    /^it finds no GPU that it can use \(Failed to get a WebGPU adapter: No supported adapters\)$/,
  ],
  ['CUDA failure 100: no CUDA-capable device is detected ; GPU=0', /^it finds no GPU .*no CUDA-capable device/],
] as const)('"%s" is said in words', ([reason, words]) => {
  expect(explainProvider(reason, '/nowhere/libonnxruntime_providers_cuda.so')).toMatch(words);
});

test.skipIf(process.platform !== 'linux')('a library that is there and cannot be loaded is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'providers-'));
  const library = join(folder, 'libonnxruntime_providers_cuda.so');
  await writeFile(library, 'not a library');
  expect(explainProvider('Failed to load shared library', library)).toBe(`${library} cannot be loaded`);
  await rm(folder, { recursive: true });
});

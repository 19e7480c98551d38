import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { ProviderName } from './config.ts';
import { OnnxLane, ProvidersRefused } from './onnx-lane.ts';

type Tried = Exclude<ProviderName, 'auto'>;

/** An execution provider that was tried here: why it cannot be used, in words, or that it can. */
export type TriedProvider = Readonly<{ provider: Tried; whyNot?: string }>;

const TRIED = ['tensorrt', 'cuda', 'webgpu', 'cpu'] as const satisfies readonly Tried[];

/** Where Linux shows the GPUs that it has a driver for. */
const GPUS = ['/dev/dri', '/dev/nvidiactl', '/dev/nvhost-gpu', '/dev/dxg'];

/** Loads a network with each provider in turn. */
export async function examineProviders(file: string, log: Log): Promise<readonly TriedProvider[]> {
  const found: TriedProvider[] = [];
  for (const provider of TRIED) {
    const whyNot = await tryProvider(provider, file, log);
    found.push(whyNot === undefined ? { provider } : { provider, whyNot });
  }
  return found;
}

async function tryProvider(provider: Tried, file: string, log: Log): Promise<string | undefined> {
  // WebGPU writes to the terminal what it does not find.
  if (provider === 'webgpu' && process.platform === 'linux' && !GPUS.some((path) => existsSync(path))) {
    return `there is no GPU with a driver (none of ${GPUS.join(', ')})`;
  }
  await using lane = new OnnxLane({ file, providers: [provider], threads: 1 }, log);
  try {
    await lane.open();
    return undefined;
  } catch (error) {
    const reason = error instanceof ProvidersRefused ? error.reasons[0]?.reason : undefined;
    return explainProvider(reason ?? messageOf(error), findLibrary(provider));
  }
}

/** What the runtime said of a provider that it could not use, as a clause for people; `library` is the file that has the provider. */
export function explainProvider(reason: string, library: string): string {
  if (/backend not found|not (enabled|supported|compiled)/i.test(reason)) {
    return 'this build of ONNX Runtime does not have it';
  }
  if (/Failed to load shared library/i.test(reason)) return explainLibrary(library);
  const gpu = reason.match(
    /(no CUDA-capable device[^;\n]*|driver version is insufficient[^;\n]*|Failed to get a WebGPU adapter[^\n]*)/i,
  );
  if (gpu) return `it finds no GPU that it can use (${gpu[1]})`;
  return (reason.split('\n')[0] ?? '').trim().slice(0, 200);
}

/** The runtime does not say why it cannot load a library; the system's loader does. */
function explainLibrary(library: string): string {
  if (!existsSync(library)) return 'its part of ONNX Runtime is not installed; docs/accelerators.md says how';
  try {
    process.dlopen({ exports: {} }, library);
  } catch (error) {
    const missing = messageOf(error).match(/([\w.+-]+\.so[\w.]*): cannot open shared object/)?.[1];
    if (missing !== undefined) return `the library ${missing} is missing; docs/accelerators.md says what it needs`;
  }
  return `${library} cannot be loaded`;
}

function findLibrary(provider: Tried): string {
  const runtime = dirname(fileURLToPath(import.meta.resolve('onnxruntime-node/package.json')));
  const { platform, arch } = process;
  return join(runtime, 'bin', 'napi-v6', platform, arch, `libonnxruntime_providers_${provider}.so`);
}

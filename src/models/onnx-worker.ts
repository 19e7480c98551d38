import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { env as environment } from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { env, InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { messageOf } from '../base/errors.ts';
import type { Tensor } from '../vision/session.ts';
import {
  listBuffers,
  type ProviderFault,
  type RunRequest,
  type WorkerAnswer,
  type WorkerRequest,
  type WorkerStart,
} from './onnx-messages.ts';

if (parentPort) await serve(workerData as WorkerStart, parentPort);

/** Loads the network once and answers each RunRequest in order; `run` blocks, so it has a thread of its own. */
async function serve(start: WorkerStart, port: NonNullable<typeof parentPort>): Promise<void> {
  const answer = (message: WorkerAnswer, buffers: ArrayBuffer[] = []) => port.postMessage(message, buffers);
  if (start.isBackground) letOthersGoFirst();
  const opened = await openFirst(start);
  if ('reasons' in opened) {
    answer({ kind: 'refused', reasons: opened.reasons });
    port.close();
    return;
  }
  const { session, provider } = opened;
  const describe = (metadata: typeof session.inputMetadata) =>
    metadata.flatMap((value) => (value.isTensor ? [{ name: value.name, type: value.type, shape: value.shape }] : []));
  const signature = { inputs: describe(session.inputMetadata), outputs: describe(session.outputMetadata) };
  port.on('message', (request: WorkerRequest) => {
    if (request.kind === 'close') return port.close();
    run(session, request).then(
      ({ buffers, ...done }) => answer({ kind: 'done', id: request.id, ...done }, buffers),
      (error: Error) => answer({ kind: 'failed', id: request.id, reason: error.message }),
    );
  });
  answer({ kind: 'ready', provider, ...signature });
}

/** On Linux each thread has a priority of its own; elsewhere this thread keeps that of the process. */
function letOthersGoFirst(): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), 19);
  } catch {
    // There is no such file.
  }
}

async function openFirst(start: WorkerStart) {
  env.logLevel = 'fatal';
  // Otherwise ONNX Runtime reads the machine's id, collects events for its maker, and crashes where the command line is long.
  environment.ORT_DISABLE_TELEMETRY = '1';
  const reasons: ProviderFault[] = [];
  for (const provider of start.providers) {
    try {
      const session = await InferenceSession.create(start.file, {
        executionProviders: [provider],
        intraOpNumThreads: start.threads,
        interOpNumThreads: 1,
        // Threads that spin while they wait take the cores from the other network's threads.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
        logSeverityLevel: 4,
      });
      return { session, provider };
    } catch (error) {
      reasons.push({ provider, reason: messageOf(error).trim() });
    }
  }
  return { reasons };
}

async function run(session: InferenceSession, request: RunRequest) {
  const before = process.threadCpuUsage();
  const feeds: Record<string, OrtTensor> = {};
  for (const [name, tensor] of Object.entries(request.feeds)) {
    feeds[name] =
      tensor.type === 'uint8'
        ? new OrtTensor('uint8', tensor.data, tensor.dims)
        : new OrtTensor('float32', tensor.data, tensor.dims);
  }
  const results = await session.run(feeds);
  const outputs: Record<string, Tensor> = {};
  const spent = listBuffers(request.feeds);
  for (const [name, result] of Object.entries(results)) {
    outputs[name] = copyTensor(result);
  }
  const { user, system } = process.threadCpuUsage(before);
  return { outputs, spent, computedMs: (user + system) / 1000, buffers: [...spent, ...listBuffers(outputs)] };
}

/** Copies outputs, because the runtime's memory cannot be transferred; other number types become float32. */
function copyTensor(tensor: OrtTensor): Tensor {
  const { data, dims } = tensor;
  if (data instanceof Uint8Array && tensor.type === 'uint8') return { type: 'uint8', dims, data: data.slice() };
  if (data instanceof Float32Array) return { type: 'float32', dims, data: data.slice() };
  return { type: 'float32', dims, data: Float32Array.from<unknown>(data, Number) };
}

import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Session, Tensor } from '../vision/session.ts';
import type { ProviderName } from './config.ts';
import { type LaneReady, OnnxLane, ProvidersRefused } from './onnx-lane.ts';
import type { Signature, TensorShape } from './onnx-messages.ts';

export type OnnxOptions = Readonly<{
  /** Path of the ONNX file. */
  file: string;
  /** Tried in this order. `auto` means CUDA if it works, otherwise the CPU. */
  providers: readonly ProviderName[];
  /** Worker threads; each keeps its own copy of the weights. */
  workers: number;
  /** Threads of the runtime inside each worker. */
  threads: number;
  /** Runs only on what all other threads of the machine leave. */
  isBackground?: boolean | undefined;
  log: Log;
}>;

/** A loaded ONNX file with its own description of inputs and outputs. */
export type OnnxNetwork = Session & Readonly<{ signature: Signature }>;

/**
 * Loads a network with ONNX Runtime in worker threads. PROVIDER_UNAVAILABLE when no listed provider works here,
 * MODEL_INVALID when not even the CPU can load the file.
 */
export async function openOnnxSession(options: OnnxOptions): Promise<OnnxNetwork> {
  const { file, threads, isBackground, log } = options;
  const providers = expandProviders(options.providers);
  const lent = new WeakSet<ArrayBufferLike>();
  const first = new OnnxLane({ file, providers, threads, isBackground }, log, lent);
  const ready = await first.open().catch(async (error: unknown) => {
    await first[Symbol.asyncDispose]();
    throw explainRefusal(error, options);
  });
  const start = { file, providers: [ready.provider], threads, isBackground };
  const lanes = [first, ...Array.from({ length: options.workers - 1 }, () => new OnnxLane(start, log, lent))];
  await Promise.all(lanes.map((lane) => lane.open()));
  log.info({ file, provider: ready.provider, workers: options.workers, threads }, 'the network is loaded');
  return new OnnxSession(lanes, ready, file);
}

class OnnxSession implements OnnxNetwork {
  readonly provider: string;
  readonly signature: Signature;
  readonly #lanes: readonly OnnxLane[];
  readonly #file: string;

  constructor(lanes: readonly OnnxLane[], ready: LaneReady, file: string) {
    this.#lanes = lanes;
    this.provider = ready.provider;
    this.signature = { inputs: ready.inputs, outputs: ready.outputs };
    this.#file = file;
  }

  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    checkFeeds(feeds, this.signature.inputs, this.#file);
    const idlest = this.#lanes.reduce((best, lane) => (lane.waiting < best.waiting ? lane : best));
    return idlest.run(feeds);
  }

  get computedMs(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.computedMs, 0);
  }

  lend(bytes: number): Uint8Array | undefined {
    for (const lane of this.#lanes) {
      const buffer = lane.lend(bytes);
      if (buffer) return buffer;
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane[Symbol.asyncDispose]()));
  }
}

function expandProviders(names: readonly ProviderName[]): string[] {
  return [...new Set(names.flatMap((name) => (name === 'auto' ? ['cuda', 'cpu'] : [name])))];
}

function explainRefusal(error: unknown, options: OnnxOptions): unknown {
  if (!(error instanceof ProvidersRefused)) return error;
  const ofCpu = error.reasons.find(({ provider }) => provider === 'cpu');
  if (ofCpu) {
    const message = `${options.file} cannot be loaded: ${ofCpu.reason}. Expected an ONNX file; copy the model again.`;
    return new AlprError('MODEL_INVALID', message, { cause: error });
  }
  return new AlprError(
    'PROVIDER_UNAVAILABLE',
    `None of the execution providers asked for (${options.providers.join(', ')}) can be used here: ${error.message}. ` +
      'Install what the provider needs, or set models.providers to [auto].',
    { cause: error },
  );
}

function checkFeeds(feeds: Readonly<Record<string, Tensor>>, inputs: readonly TensorShape[], file: string): void {
  for (const input of inputs) {
    const feed = feeds[input.name];
    const expected = `${file} expects ${input.name} as ${input.type} [${input.shape.join(', ')}]`;
    if (!feed)
      throw new AlprError('INFERENCE_FAILED', `${expected}, but got ${Object.keys(feeds).join(', ') || 'nothing'}.`);
    const fits =
      feed.type === input.type &&
      feed.dims.length === input.shape.length &&
      input.shape.every((size, axis) => typeof size === 'string' || size < 0 || size === feed.dims[axis]);
    if (!fits) throw new AlprError('INFERENCE_FAILED', `${expected}, but got ${feed.type} [${feed.dims.join(', ')}].`);
    const count = feed.dims.reduce((product, size) => product * size, 1);
    if (count !== feed.data.length) {
      const message = `${file}: ${input.name} [${feed.dims.join(', ')}] has ${count} numbers, but got ${feed.data.length}.`;
      throw new AlprError('INFERENCE_FAILED', message);
    }
  }
}

import { basename, dirname } from 'node:path';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { AlprError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Tensor } from '../vision/session.ts';
import {
  listBuffers,
  type ProviderFault,
  type Signature,
  type WorkerAnswer,
  type WorkerStart,
} from './onnx-messages.ts';

type Outputs = Readonly<Record<string, Tensor>>;

export type LaneReady = Readonly<{ provider: string }> & Signature;

/** No provider could load the network. */
export class ProvidersRefused extends Error {
  readonly reasons: readonly ProviderFault[];

  constructor(reasons: readonly ProviderFault[]) {
    super(reasons.map(({ provider, reason }) => `${provider}: ${reason}`).join('; '));
    this.reasons = reasons;
  }
}

/**
 * One worker thread and the runs that wait for it. If the thread dies, its runs fail and the next run starts it again.
 */
export class OnnxLane implements AsyncDisposable {
  readonly #start: WorkerStart;
  readonly #log: Log;
  readonly #lent: WeakSet<ArrayBufferLike>;
  readonly #pending = new Map<number, PromiseWithResolvers<Outputs>>();
  #worker: Worker | undefined;
  #ready: Promise<LaneReady> | undefined;
  #gone: Promise<void> | undefined;
  #spent: readonly ArrayBuffer[] = [];
  #computedMs = 0;
  #nextId = 0;
  #closed = false;

  /** `lent` has the buffers that lanes of one network have lent: a run of any lane may take one, even if a part of it is in use. */
  constructor(start: WorkerStart, log: Log, lent = new WeakSet<ArrayBufferLike>()) {
    this.#start = start;
    this.#log = log;
    this.#lent = lent;
  }

  /** Runs that were requested and not answered yet. */
  get waiting(): number {
    return this.#pending.size;
  }

  /** Computing time of all runs so far. */
  get computedMs(): number {
    return this.#computedMs;
  }

  /** This many bytes of the input buffer of the newest run, if it has them. From then on the caller owns them. */
  lend(bytes: number): Uint8Array | undefined {
    const found = this.#spent.find(({ byteLength }) => byteLength >= bytes);
    if (found === undefined) return undefined;
    this.#spent = this.#spent.filter((buffer) => buffer !== found);
    this.#lent.add(found);
    return new Uint8Array(found, 0, bytes);
  }

  /** Starts the thread unless it runs. */
  async open(): Promise<LaneReady> {
    if (this.#closed) throw new AlprError('INFERENCE_FAILED', `${this.#start.file} cannot be run: it was closed.`);
    this.#ready ??= this.#startWorker();
    return await this.#ready;
  }

  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Outputs> {
    const id = this.#nextId++;
    const answer = Promise.withResolvers<Outputs>();
    this.#pending.set(id, answer);
    try {
      await this.open();
      if (this.#closed || !this.#worker) return await answer.promise;
      const own = (tensor: Tensor) => (this.#lent.has(tensor.data.buffer) ? tensor : ownTensor(tensor));
      const owned = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, own(tensor)]));
      this.#worker.postMessage({ kind: 'run', id, feeds: owned }, listBuffers(owned));
      return await answer.promise;
    } finally {
      this.#pending.delete(id);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#rejectPending('the network was closed');
    // Terminating a thread during a native run would abort the whole process, so it ends by itself after the run.
    this.#worker?.postMessage({ kind: 'close' });
    await this.#gone;
  }

  #startWorker(): Promise<LaneReady> {
    const ready = Promise.withResolvers<LaneReady>();
    // The runtime reads the environment of the process, which a thread can set only if it has no copy of it.
    const script = new URL('./onnx-worker.ts', import.meta.url);
    const name = basename(dirname(this.#start.file));
    const worker = new Worker(script, { name, workerData: this.#start, env: SHARE_ENV });
    this.#worker = worker;
    const gone = Promise.withResolvers<void>();
    this.#gone = gone.promise;
    worker.on('message', (message: WorkerAnswer) => {
      if (message.kind === 'ready') ready.resolve(message);
      else if (message.kind === 'refused') ready.reject(new ProvidersRefused(message.reasons));
      else if (message.kind === 'done') {
        this.#spent = message.spent;
        this.#computedMs += message.computedMs;
        this.#pending.get(message.id)?.resolve(message.outputs);
      } else
        this.#pending
          .get(message.id)
          ?.reject(new AlprError('INFERENCE_FAILED', `${this.#start.file}: ${message.reason}`));
    });
    let reason = 'it ended by itself';
    worker.on('error', (error) => {
      reason = messageOf(error);
    });
    worker.on('exit', (code) => {
      gone.resolve();
      if (this.#worker === worker) {
        this.#worker = undefined;
        this.#ready = undefined;
      }
      ready.reject(
        new AlprError('INFERENCE_FAILED', `The thread of ${this.#start.file} did not start: ${reason} (${code}).`),
      );
      if (this.#closed) return;
      if (this.#pending.size > 0)
        this.#log.error({ file: this.#start.file, code, reason }, 'a thread of the network dies');
      this.#rejectPending(`its thread died: ${reason} (${code}); the next run starts it again`);
    });
    ready.promise.catch(() => {
      if (this.#worker === worker) this.#ready = undefined;
    });
    return ready.promise;
  }

  #rejectPending(reason: string): void {
    const error = new AlprError('INFERENCE_FAILED', `${this.#start.file} could not be run: ${reason}.`);
    for (const answer of this.#pending.values()) {
      answer.promise.catch(() => undefined);
      answer.reject(error);
    }
  }
}

/** A tensor that owns all of its buffer, so that the buffer may be transferred. */
function ownTensor(tensor: Tensor): Tensor {
  const { data } = tensor;
  const whole =
    data.buffer instanceof ArrayBuffer && data.byteOffset === 0 && data.byteLength === data.buffer.byteLength;
  if (whole && !Buffer.isBuffer(data)) return tensor;
  return tensor.type === 'uint8'
    ? { ...tensor, data: new Uint8Array(tensor.data) }
    : { ...tensor, data: tensor.data.slice() };
}

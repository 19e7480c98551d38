import { setTimeout as sleep } from 'node:timers/promises';
import { AlprError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { backoffDelay, pause, retryForever } from '../../base/retry.ts';
import type { Tensor } from '../../vision/session.ts';
import { checkSignature } from '../check-signature.ts';
import type { LoadedManifest } from '../dictionary.ts';
import { faultOf, type KServeClient } from './client.ts';
import type { ModelServerConfig } from './config.ts';
import type { ModelServerMetrics } from './metrics.ts';
import { fromWire, toTensorShape, toWire } from './tensors.ts';

/** Between two looks at a server that is away. */
const LOOK = { firstMs: 250, maxMs: 10_000, factor: 2 };

type Tensors = Readonly<Record<string, Tensor>>;

type ModelServerOptions = Readonly<{
  client: KServeClient;
  config: ModelServerConfig;
  metrics: ModelServerMetrics;
  log: Log;
  /** Ends the wait for a server that is not there at the start. */
  signal: AbortSignal;
}>;

/**
 * The inference server as all networks of the process see it: after one failed request it is away for all of them, until it answers
 * again and has all their models with the inputs and outputs of their model.json.
 */
export class ModelServer implements AsyncDisposable {
  readonly config: ModelServerConfig;
  readonly #options: ModelServerOptions;
  readonly #used = new Set<LoadedManifest>();
  readonly #closing = new AbortController();
  #name = 'kserve';
  #fault: AlprError | undefined;
  #back = Promise.withResolvers<void>();
  #looking: Promise<void> | undefined;
  #lost = 0;

  constructor(options: ModelServerOptions) {
    this.#options = options;
    this.config = options.config;
    options.metrics.works.set(1);
  }

  /** What it calls itself, and where it is, such as `triton@gpu-1:8000`. */
  get label(): string {
    return `${this.#name}@${new URL(this.config.url).host}`;
  }

  /** Why it is away. */
  get fault(): AlprError | undefined {
    return this.#fault;
  }

  /**
   * Uses a model from now on. MODEL_INVALID when the server has another one under its name; INFERENCE_SERVER_AWAY when it is not there
   * and `when_away` is `fail`, with `wait` it is waited for, and with `local` it counts as away. A model that comes later, in the place
   * of one in use, must be there: for its sake the others are not taken from the server.
   */
  async use(manifest: LoadedManifest): Promise<void> {
    const { log, signal } = this.#options;
    const { when_away: whenAway } = this.config;
    const rule = this.#used.size === 0 ? whenAway : 'fail';
    if (this.#fault && whenAway === 'local') {
      this.#used.add(manifest);
      return;
    }
    try {
      await retryForever({
        work: () => this.#verify(manifest),
        backoff: LOOK,
        signal: AbortSignal.any([signal, this.#closing.signal]),
        onError: (error) => log.warn({ err: error, server: this.label }, 'waiting for the inference server'),
        isLasting: (error) => rule !== 'wait' || !isAway(error),
      });
    } catch (error) {
      if (rule !== 'local' || !isAway(error)) throw error;
      this.#lose(error);
    }
    this.#used.add(manifest);
  }

  /** The model is not needed any more. */
  leave(manifest: LoadedManifest): void {
    this.#used.delete(manifest);
  }

  /** The outputs of one run; at once an error while the server is away. */
  async infer(manifest: LoadedManifest, feeds: Tensors): Promise<Tensors> {
    if (this.#fault) throw this.#fault;
    const { client, metrics } = this.#options;
    const model = nameOnServer(manifest);
    const stop = metrics.seconds.startTimer({ model });
    try {
      const inputs = Object.entries(feeds).map(([name, tensor]) => toWire(name, tensor));
      const wanted = manifest.outputs.map(({ name }) => name);
      const outputs = this.#check(model, wanted, await client.infer(model, inputs, wanted));
      stop();
      this.#lost = 0;
      return outputs;
    } catch (error) {
      if (error instanceof AlprError && error.code !== 'INFERENCE_REFUSED') this.#lose(error);
      throw error;
    }
  }

  /** Whether it is back within so many milliseconds. */
  async comesBack(ms: number): Promise<boolean> {
    const enough = new AbortController();
    const tooLate = sleep(Math.max(0, ms), false, { signal: AbortSignal.any([enough.signal, this.#closing.signal]) });
    const isBack = await Promise.race([this.#back.promise.then(() => true), tooLate.catch(() => false)]);
    enough.abort();
    return isBack;
  }

  /** Whether it answers and has the models that are used, asked now. */
  async check(): Promise<Readonly<{ ok: boolean; message?: string }>> {
    if (this.#fault) throw this.#fault;
    for (const manifest of this.#used) await this.#requireReady(manifest);
    return { ok: true };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#looking;
    await this.#options.client[Symbol.asyncDispose]();
  }

  async #verify(manifest: LoadedManifest): Promise<void> {
    const { client } = this.#options;
    await this.#requireReady(manifest);
    this.#name = (await client.describeServer()).name;
    const model = nameOnServer(manifest);
    const { inputs, outputs } = await client.describeModel(model);
    const signature = { inputs: inputs.map(toTensorShape), outputs: outputs.map(toTensorShape) };
    checkSignature(manifest, signature, `Model ${model} of ${this.config.url}`);
  }

  async #requireReady(manifest: LoadedManifest): Promise<void> {
    const model = nameOnServer(manifest);
    if (await this.#options.client.isReady(model)) return;
    const advice = 'alpr models triton-repository writes a folder from which Triton loads it';
    throw faultOf('away', this.config.url, `does not have the model ${model} ready; ${advice}`);
  }

  #check(model: string, wanted: readonly string[], answers: Awaited<ReturnType<KServeClient['infer']>>): Tensors {
    const outputs: Record<string, Tensor> = {};
    for (const answer of answers) {
      const tensor = fromWire(answer);
      if (typeof tensor === 'string') throw faultOf('failed', this.config.url, `${tensor} (model ${model})`);
      outputs[answer.name] = tensor;
    }
    const missing = wanted.filter((name) => !outputs[name]);
    if (missing.length === 0) return outputs;
    const got = Object.keys(outputs).join(', ') || 'nothing';
    throw faultOf('failed', this.config.url, `answers ${got}, expected ${wanted.join(', ')} (model ${model})`);
  }

  #lose(error: AlprError): void {
    if (this.#fault || this.#closing.signal.aborted) return;
    const { log, metrics } = this.#options;
    this.#fault = error;
    metrics.works.set(0);
    log.warn({ err: error, server: this.label, when_away: this.config.when_away }, 'the inference server is away');
    this.#looking = this.#look();
  }

  async #look(): Promise<void> {
    const { log, metrics } = this.#options;
    const { signal } = this.#closing;
    for (;;) {
      await pause(backoffDelay(LOOK, this.#lost), signal);
      if (signal.aborted) return;
      this.#lost += 1;
      try {
        for (const manifest of this.#used) await this.#verify(manifest);
        break;
      } catch (error) {
        if (error instanceof AlprError && error.message !== this.#fault?.message) {
          log.warn({ err: error, server: this.label }, 'the inference server is away for another reason');
          this.#fault = error;
        }
      }
    }
    this.#fault = undefined;
    metrics.works.set(1);
    log.info({ server: this.label }, 'the inference server is back');
    this.#back.resolve();
    this.#back = Promise.withResolvers<void>();
  }
}

/** The weights stand in the name, so that no server runs others than model.json says. */
export function nameOnServer({ name, sha256 }: Pick<LoadedManifest, 'name' | 'sha256'>): string {
  return `${name}-${sha256.slice(0, 12)}`;
}

/** Whether trying again may help. */
export function isAway(error: unknown): error is AlprError {
  return error instanceof AlprError && error.code === 'INFERENCE_SERVER_AWAY';
}

import type { Session, Tensor } from '../../vision/session.ts';
import type { LoadedManifest } from '../dictionary.ts';
import type { ModelServerMetrics } from './metrics.ts';
import { isAway, type ModelServer } from './model-server.ts';

type Tensors = Readonly<Record<string, Tensor>>;

type ServedOptions = Readonly<{
  server: ModelServer;
  manifest: LoadedManifest;
  metrics: ModelServerMetrics;
  /** The same network in this process, for `when_away: local`; opened when it is first needed. */
  openLocal: () => Promise<Session>;
  /** Is called when another than before has computed a run. */
  onChange: () => void;
}>;

/** A network on the inference server, and by the rule of the configuration in this process while the server is away. */
export class ServedSession implements Session {
  readonly #options: ServedOptions;
  #local: Promise<Session> | undefined;
  #answeredBy: string;
  #spent: Uint8Array | undefined;

  private constructor(options: ServedOptions) {
    this.#options = options;
    this.#answeredBy = options.server.label;
  }

  /** Fails as `ModelServer.use` does. */
  static async open(options: ServedOptions): Promise<ServedSession> {
    await options.server.use(options.manifest);
    const session = new ServedSession(options);
    if (options.server.fault) session.#answeredBy = (await session.#openLocal()).provider;
    return session;
  }

  /** Who computed the newest run. */
  get provider(): string {
    return this.#answeredBy;
  }

  async run(feeds: Tensors): Promise<Tensors> {
    const { server, manifest, metrics } = this.#options;
    const { when_away: rule, wait_ms: waitMs } = server.config;
    const until = performance.now() + waitMs;
    for (;;) {
      try {
        const outputs = await server.infer(manifest, feeds);
        metrics.runs.inc({ by: 'server' });
        this.#note(server.label);
        this.#keep(feeds);
        return outputs;
      } catch (error) {
        if (rule === 'local') return await this.#runLocal(feeds);
        if (rule === 'wait' && isAway(error) && (await server.comesBack(until - performance.now()))) continue;
        metrics.runs.inc({ by: 'none' });
        throw error;
      }
    }
  }

  lend(bytes: number): Uint8Array | undefined {
    const buffer = this.#spent;
    if (buffer?.byteLength !== bytes) return undefined;
    this.#spent = undefined;
    return buffer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#options.server.leave(this.#options.manifest);
    await (await this.#local?.catch(() => undefined))?.[Symbol.asyncDispose]();
  }

  async #runLocal(feeds: Tensors): Promise<Tensors> {
    const { metrics } = this.#options;
    try {
      const local = await this.#openLocal();
      const outputs = await local.run(feeds);
      metrics.runs.inc({ by: 'local' });
      this.#note(local.provider);
      return outputs;
    } catch (error) {
      metrics.runs.inc({ by: 'none' });
      throw error;
    }
  }

  #note(provider: string): void {
    const isOther = provider !== this.#answeredBy;
    this.#answeredBy = provider;
    if (isOther) this.#options.onChange();
  }

  /** A later run may open what an earlier one could not. */
  #openLocal(): Promise<Session> {
    this.#local ??= this.#options.openLocal().catch((error: unknown) => {
      this.#local = undefined;
      throw error;
    });
    return this.#local;
  }

  /** The server has a copy by now, so that the next picture may have the buffer. */
  #keep(feeds: Tensors): void {
    const [feed] = Object.values(feeds);
    if (feed?.type === 'uint8' && feed.data.byteLength === feed.data.buffer.byteLength) this.#spent = feed.data;
  }
}

import type { Log } from '../base/log.ts';
import type { Bus } from '../bus/bus.ts';
import type { LiveWatch } from '../contract/live.ts';

/**
 * How often the edges are told, and for how long it holds: two renewals may be lost. Whoever asked for one picture counts as looking for
 * `lookMs`.
 */
const PACE = { renewMs: 4000, goodMs: 15_000, lookMs: 10_000 };
const MAX_CAMERAS = 1000;

type DemandOptions = Readonly<{
  bus: Bus;
  /** Whether edges send pictures only where somebody looks. */
  isNeeded: boolean;
  log: Log;
  /** Quicker in tests. */
  pace?: typeof PACE;
}>;

/** Tells the edges whose pictures are looked at: those of all cameras while a page is open, else those asked for a moment ago. */
export class ViewerDemand implements AsyncDisposable {
  readonly #options: DemandOptions;
  readonly #asked = new Map<string, number>();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #pace: typeof PACE;
  #viewers = 0;
  #isSending = false;

  constructor(options: DemandOptions) {
    this.#options = options;
    this.#pace = options.pace ?? PACE;
    if (options.isNeeded) this.#timer = setInterval(() => this.#send(), this.#pace.renewMs).unref();
  }

  get isNeeded(): boolean {
    return this.#options.isNeeded;
  }

  /** Registers a viewer of all cameras; call the returned function when it leaves. */
  addViewer(): () => void {
    this.#viewers++;
    if (this.#viewers === 1) this.#send();
    return () => {
      this.#viewers--;
    };
  }

  /** Registers a request for the picture of one camera. */
  addLook(cameraId: string): void {
    if (!this.isNeeded || (this.#asked.size >= MAX_CAMERAS && !this.#asked.has(cameraId))) return;
    const isNew = !this.#asked.has(cameraId);
    this.#asked.set(cameraId, performance.now());
    if (isNew) this.#send();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
  }

  /** What is lost comes again with the next renewal; a broker that is away is no reason to queue up messages. */
  #send(): void {
    const { bus, log } = this.#options;
    const cameras = this.#wanted();
    if (!this.isNeeded || this.#isSending || cameras.length === 0) return;
    this.#isSending = true;
    bus
      .publish('watch', [{ cameras, for_ms: this.#pace.goodMs }])
      .catch((error: unknown) => log.debug({ err: error }, 'edges are not told who looks at live pictures'))
      .finally(() => {
        this.#isSending = false;
      });
  }

  #wanted(): LiveWatch['cameras'] {
    if (this.#viewers > 0) return 'all';
    const since = performance.now() - this.#pace.lookMs;
    for (const [id, at] of this.#asked) if (at < since) this.#asked.delete(id);
    return [...this.#asked.keys()];
  }
}

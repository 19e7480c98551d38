import type { Log } from '../base/log.ts';
import type { Bus } from '../bus/bus.ts';
import type { LiveWatch } from '../contract/live.ts';

/** How often a wish is renewed, and for how long it is good, milliseconds: two renewals may be lost. */
const RENEW_MS = 4000;
const GOOD_MS = 15_000;

/** Who asked for one picture is taken to look for this long, milliseconds. */
const LOOK_MS = 10_000;
const MAX_CAMERAS = 1000;

type WishOptions = Readonly<{ bus: Bus; topic: string; log: Log }>;

/**
 * Tells the edges whose pictures are looked at: those of all cameras while a page is open, else those that were asked for a
 * moment ago. In process the cameras show them anyway, and nothing is said.
 */
export class ViewerDemand implements AsyncDisposable {
  readonly #options: WishOptions;
  readonly #asked = new Map<string, number>();
  readonly #timer: NodeJS.Timeout | undefined;
  #viewers = 0;
  #isSending = false;

  constructor(options: WishOptions) {
    this.#options = options;
    if (options.bus.kind !== 'memory') this.#timer = setInterval(() => this.#send(), RENEW_MS).unref();
  }

  /** Whether edges send pictures only where they are wished for. */
  get isNeeded(): boolean {
    return this.#timer !== undefined;
  }

  /** Somebody looks at everything, until the answer is called. */
  addViewer(): () => void {
    this.#viewers++;
    if (this.#viewers === 1) this.#send();
    return () => {
      this.#viewers--;
    };
  }

  /** Somebody asked for the picture of a camera. */
  addLook(cameraId: string): void {
    if (!this.isNeeded || (this.#asked.size >= MAX_CAMERAS && !this.#asked.has(cameraId))) return;
    const isNew = !this.#asked.has(cameraId);
    this.#asked.set(cameraId, performance.now());
    if (isNew) this.#send();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
  }

  /** What is lost comes again with the next renewal; a broker that is away is no reason to queue up wishes. */
  #send(): void {
    const { bus, topic, log } = this.#options;
    const cameras = this.#wanted();
    if (!this.isNeeded || this.#isSending || cameras.length === 0) return;
    this.#isSending = true;
    const wish: LiveWatch = { cameras, for_ms: GOOD_MS };
    bus
      .publish([{ topic, key: 'watch', value: Buffer.from(JSON.stringify(wish)), headers: {} }])
      .catch((error: unknown) => log.debug({ err: error }, 'a request for live pictures is not sent'))
      .finally(() => {
        this.#isSending = false;
      });
  }

  #wanted(): LiveWatch['cameras'] {
    if (this.#viewers > 0) return 'all';
    const since = performance.now() - LOOK_MS;
    for (const [id, at] of this.#asked) if (at < since) this.#asked.delete(id);
    return [...this.#asked.keys()];
  }
}

import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { backoffDelay, pause } from '../base/retry.ts';
import type { Sighting } from '../vision/fuse/sighting.ts';
import type { EdgeMetrics } from './metrics.ts';
import type { Outbox } from './outbox.ts';

const SPOOL_RETRY = { firstMs: 200, maxMs: 10_000, factor: 2 };

/** Sightings that may wait with their pictures, some megabytes each; the others wait with their texts only. */
const MAX_WITH_PICTURES = 8;

/** Sightings that may wait in total, some kilobytes each. */
const MAX_WAITING = 1000;

const NO_PICTURE = { kind: 'rgb24', width: 0, height: 0, data: new Uint8Array() } as const;

type UnsentSighting = Readonly<{ sighting: Sighting; hasPictures: boolean }>;

type UnsentOptions = Readonly<{
  cameraId: string;
  outbox: Pick<Outbox, 'send'>;
  metrics: EdgeMetrics;
  log: Log;
}>;

/**
 * Sightings of one camera on their way to the spool, one after the other. While the disk refuses they wait, within
 * limits: pictures are given up first, then provisional revisions that a later one replaces, then the oldest; all are
 * counted.
 */
export class UnsentSightings {
  readonly #options: UnsentOptions;
  readonly #waiting: UnsentSighting[] = [];
  readonly #stopping = new AbortController();
  #working: Promise<void> | undefined;

  constructor(options: UnsentOptions) {
    this.#options = options;
  }

  /** How many wait, including the one being sent. */
  get size(): number {
    return this.#waiting.length + (this.#working ? 1 : 0);
  }

  add(sighting: Sighting): void {
    this.#waiting.push({ sighting, hasPictures: true });
    this.#shedPictures();
    if (this.#waiting.length > MAX_WAITING) this.#shedOne();
    this.#working ??= this.#work();
  }

  /** Resolves when nothing waits any more. */
  async empty(): Promise<void> {
    await this.#working;
  }

  /**
   * Resolves when all are sent. Each is tried at least once, however slow the disk; what it still refuses after
   * `graceMs` is given up.
   */
  async stop(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#stopping.abort(), graceMs);
    await this.#working;
    clearTimeout(timer);
  }

  async #work(): Promise<void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) await this.#send(next);
    // In the same step as the last look at the queue, so that a later Sighting starts a new run.
    this.#working = undefined;
  }

  async #send({ sighting, hasPictures }: UnsentSighting): Promise<void> {
    const { outbox, log } = this.#options;
    for (let attempt = 0; ; attempt++) {
      try {
        await outbox.send(sighting, hasPictures);
        return;
      } catch (error) {
        const isLasting = error instanceof AlprError && !error.retry;
        if (isLasting || this.#stopping.signal.aborted) {
          log.error({ err: error, passage: sighting.passageId }, 'an event cannot be spooled and is lost');
          this.#options.metrics.eventsGivenUp.inc({ reason: 'disk_refused' });
          return;
        }
        const delayMs = backoffDelay(SPOOL_RETRY, attempt);
        log.error({ err: error, delay_ms: delayMs, waiting: this.size }, 'an event cannot be spooled');
        await pause(delayMs, this.#stopping.signal);
      }
    }
  }

  #shedPictures(): void {
    const { cameraId, metrics, log } = this.#options;
    const at = this.#waiting.length - 1 - MAX_WITH_PICTURES;
    const oldest = this.#waiting[at];
    if (!oldest?.hasPictures) return;
    const best = { ...oldest.sighting.best, image: NO_PICTURE };
    this.#waiting[at] = { sighting: { ...oldest.sighting, best }, hasPictures: false };
    metrics.picturesFailed.inc({ camera: cameraId, reason: 'waiting' });
    log.warn({ waiting: this.size }, 'too many events wait for the disk; their pictures are given up');
  }

  #shedOne(): void {
    const [given] = this.#waiting.splice(Math.max(0, this.#findReplaced()), 1);
    this.#options.metrics.eventsGivenUp.inc({ reason: 'disk_refused' });
    const fields = { passage: given?.sighting.passageId, status: given?.sighting.status };
    this.#options.log.error(fields, 'the disk refuses events for too long; one is given up');
  }

  /** Index of the oldest provisional revision that a later one replaces, or -1. */
  #findReplaced(): number {
    const last = new Map(this.#waiting.map(({ sighting }, at) => [sighting.passageId, at]));
    return this.#waiting.findIndex(
      ({ sighting }, at) => sighting.status === 'provisional' && at !== last.get(sighting.passageId),
    );
  }
}

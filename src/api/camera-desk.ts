import { randomUUID } from 'node:crypto';
import type { Log } from '../base/log.ts';
import { type Bus, Undecodable } from '../bus/bus.ts';
import type { TriedCamera } from '../contract/api/camera-settings.ts';
import type { PageCamera, TrialAsk } from '../contract/page-camera.ts';
import type { Sql } from '../db/sql.ts';
import { listUntold, noteTold } from '../store/page-cameras.ts';

/** How often edges are told again what they could not be told, milliseconds. */
const AGAIN_MS = 15_000;

/** How long an edge may take to answer a trial, milliseconds: longer than it may take itself. */
const ANSWER_MS = 20_000;

type DeskOptions = Readonly<{ bus: Bus; sql: Sql; log: Log }>;

/** Tells the edges which cameras the page has, and has them try some. */
export class CameraDesk implements AsyncDisposable {
  readonly #options: DeskOptions;
  readonly #opened = new AsyncDisposableStack();
  readonly #waiting = new Map<string, (tried: TriedCamera) => void>();
  #telling: Promise<void> = Promise.resolve();

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** Tells every camera once more: the topic may be a new one, or older than the database. */
  async open(): Promise<void> {
    const { bus, log } = this.#options;
    const onlooker = { topic: 'trials', group: 'api-trials', isOnlooker: true, maxBatch: 100, maxWaitMs: 0 } as const;
    this.#opened.use(
      await bus.subscribe(onlooker, async (batch) => {
        for (const arrival of batch) {
          const message = arrival.read();
          if (message instanceof Undecodable)
            log.debug({ err: message.error }, 'an answer to a trial is not understood');
          else if (message.kind === 'answer') {
            const { trial, ...seen } = message.answer;
            const picture = message.jpeg.length > 0 ? Buffer.from(message.jpeg).toString('base64') : null;
            this.#waiting.get(trial)?.({ ...seen, picture });
          }
        }
      }),
    );
    void this.tell(true);
    const timer = setInterval(() => void this.tell(), AGAIN_MS);
    this.#opened.defer(async () => {
      clearInterval(timer);
      await this.#telling;
    });
  }

  /** Tells the edges what has changed; what they cannot be told now they are told later. Never rejects. */
  tell(isAll = false): Promise<void> {
    this.#telling = this.#telling.then(() => this.#tellNow(isAll));
    return this.#telling;
  }

  /** Has the edge of a site look at a camera. */
  async try(camera: Omit<TrialAsk, 'trial'>): Promise<TriedCamera> {
    const trial = randomUUID();
    const answered = new Promise<TriedCamera>((resolve) => {
      this.#waiting.set(trial, resolve);
      setTimeout(() => resolve(nobody(camera.site)), ANSWER_MS).unref();
    });
    try {
      await this.#options.bus.publish('trials', [{ kind: 'ask', ask: { ...camera, trial } }]);
      return await answered;
    } finally {
      this.#waiting.delete(trial);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }

  async #tellNow(isAll: boolean): Promise<void> {
    const { bus, sql, log } = this.#options;
    try {
      const cameras = await listUntold(sql, isAll);
      if (cameras.length === 0) return;
      await bus.publish('cameras', cameras.map(toMessage));
      await noteTold(sql, cameras);
    } catch (err) {
      log.warn({ err }, 'the edges are not told of cameras yet');
    }
  }
}

function toMessage({ id, site, state, revision, settings, secrets }: PageCamera): PageCamera {
  const isRemoved = state === 'removed';
  return { id, site, state, revision, settings: isRemoved ? {} : settings, secrets: isRemoved ? null : secrets };
}

function nobody(site: string): TriedCamera {
  const nothing = {
    pictures: 0,
    width: 0,
    height: 0,
    plates: 0,
    char_height_px: null,
    legibility: null,
    picture: null,
  };
  return { ...nothing, seconds: ANSWER_MS / 1000, problem: `No edge of the site ${site} has answered; is it running?` };
}

import type { Log } from '../base/log.ts';
import type { OpenedModel } from '../models/open.ts';

/** An opened model, what is made of it, and how much goes through it at the moment. */
export class SeatedModel<Part> {
  readonly model: OpenedModel;
  readonly part: Part;
  readonly #onIdle = Promise.withResolvers<void>();
  #users = 0;
  #isLeft = false;

  constructor(model: OpenedModel, part: Part) {
    this.model = model;
    this.part = part;
  }

  take(): void {
    this.#users += 1;
  }

  giveBack(): void {
    this.#users -= 1;
    if (this.#isLeft && this.#users === 0) this.#onIdle.resolve();
  }

  /** Nothing new goes through it: closes it when what does has ended. */
  async leave(): Promise<void> {
    this.#isLeft = true;
    if (this.#users > 0) await this.#onIdle.promise;
    await this.model[Symbol.asyncDispose]();
  }
}

type Chosen<Part> = Readonly<{ seated: SeatedModel<Part>; cameras: ReadonlySet<string> }>;

/**
 * One thing that networks do here: the model that does it, and perhaps another one for some of the cameras. Models change places between
 * two frames; one that has left is closed when the last frame that began with it has ended.
 */
export class ModelPlace<Part> implements AsyncDisposable {
  readonly #createPart: (model: OpenedModel) => Part;
  readonly #log: Log;
  readonly #leaving = new Set<Promise<void>>();
  #usual: SeatedModel<Part>;
  #chosen: Chosen<Part> | undefined;

  constructor(model: OpenedModel, createPart: (model: OpenedModel) => Part, log: Log) {
    this.#createPart = createPart;
    this.#log = log;
    this.#usual = new SeatedModel(model, createPart(model));
  }

  /** The model of all cameras that no other was chosen for. */
  get usual(): SeatedModel<Part> {
    return this.#usual;
  }

  /** The model of chosen cameras. */
  get chosen(): Chosen<Part> | undefined {
    return this.#chosen;
  }

  /** The model of a camera from now on, taken: its user gives it back. */
  take(camera?: string): SeatedModel<Part> {
    const chosen = camera !== undefined && this.#chosen?.cameras.has(camera) ? this.#chosen.seated : this.#usual;
    chosen.take();
    return chosen;
  }

  /**
   * Seats a model for all cameras that no other was chosen for or, where some are named, for these; with none of them it leaves. It is
   * closed when another has taken its place.
   */
  use(model: OpenedModel, cameras?: readonly string[]): void {
    const before = new Set([this.#usual, ...(this.#chosen ? [this.#chosen.seated] : [])]);
    const known = [...before].find((seated) => seated.model === model);
    const seated = known ?? new SeatedModel(model, this.#createPart(model));
    if (cameras === undefined) {
      this.#usual = seated;
      if (this.#chosen?.seated === seated) this.#chosen = undefined;
    } else this.#chosen = cameras.length > 0 ? { seated, cameras: new Set(cameras) } : undefined;
    for (const one of before) if (one !== this.#usual && one !== this.#chosen?.seated) this.#close(one);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close(this.#usual);
    if (this.#chosen) this.#close(this.#chosen.seated);
    await Promise.all(this.#leaving);
  }

  #close(seated: SeatedModel<Part>): void {
    const leaving = seated
      .leave()
      .catch((err: unknown) => this.#log.warn({ err, model: seated.model.id }, 'a network cannot be closed'))
      .finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }
}

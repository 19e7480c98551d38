import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { pause } from '../../base/retry.ts';
import type { ModelRegistry, ModelVersion } from '../../models/registry/registry.ts';
import type { Pipeline } from '../../vision/pipeline.ts';
import type { EdgeModelsConfig } from './config.ts';
import type { ChallengerSync } from './follow-challenger.ts';
import { KindSync, type Seats } from './kind-sync.ts';
import { LocalLooks } from './local-looks.ts';
import type { ModelMetrics } from './metrics.ts';
import {
  folderOfVersion,
  type KindState,
  MODEL_KINDS,
  type ModelKind,
  readState,
  type SyncState,
  stateOf,
  writeState,
} from './sync-state.ts';
import { CameraWatch } from './watch-cameras.ts';

/** How often versions on trial are judged, milliseconds. */
const JUDGE_MS = 1000;
/** The last contact is written down so often, milliseconds. */
const NOTE_CONTACT_MS = 600_000;
/** A registry that is away counts as trouble after so many looks, and not before so many milliseconds. */
const MISSED = 4;
const LEAST_AWAY_MS = 120_000;

type Options = Readonly<{
  seats: Seats;
  registry: ModelRegistry;
  /** Names or folders of the configured models. */
  configured: Readonly<Partial<Record<ModelKind, string | undefined>>>;
  folder: string;
  pollSeconds: number;
  rules: EdgeModelsConfig;
  metrics: ModelMetrics;
  /** Follows the challenger of the reader, where no other is configured. */
  challenger?: Pick<ChallengerSync, 'follow'> | undefined;
  log: Log;
}>;

/**
 * Keeps the models of an edge at what the registry promotes: looks there again and again, brings, verifies and tries new versions, gives
 * them their place between two frames, and takes them back where they fare worse. Without the registry it stays with what it has.
 */
export class ModelSync implements AsyncDisposable {
  readonly #options: Options;
  readonly #folder: string;
  readonly #watch: CameraWatch;
  readonly #kinds: readonly Readonly<{ model: string; sync: KindSync }>[];
  readonly #stop = new AbortController();
  readonly #cameras = new Set<string>();
  readonly #startedAt = Date.now();
  #state: SyncState;
  #contactAt: number | undefined;
  #fault: string | undefined;
  #trouble: string | undefined;
  #changing: Promise<void> = Promise.resolve();
  #running: Promise<unknown> = Promise.resolve();

  private constructor(options: Options, state: SyncState) {
    this.#options = options;
    this.#folder = resolve(options.folder);
    this.#state = state;
    const { seats, rules, configured, metrics, registry, log } = options;
    const looks = new LocalLooks(log);
    this.#watch = new CameraWatch((sighting) => looks.take(sighting));
    this.#kinds = MODEL_KINDS.flatMap((kind) => {
      const [model, name] = [seats.models[kind]?.name, configured[kind]];
      if (model === undefined || name === undefined) return [];
      const sync = new KindSync({
        ...{ kind, configured: name, model, folder: this.#folder, seats, registry, rules, metrics, log, looks },
        state: () => stateOf(this.#state, kind, name),
        commit: (change) => this.#commit(kind, name, change),
        watch: this.#watch,
        signal: this.#stop.signal,
        startedAt: this.#startedAt,
      });
      return [{ model, sync }];
    });
  }

  /** Begins with what ran last; the registry may be away. */
  static async open(options: Options): Promise<ModelSync> {
    await mkdir(options.folder, { recursive: true });
    const sync = new ModelSync(options, await readState(resolve(options.folder), options.log));
    for (const { sync: kind } of sync.#kinds) await kind.resume();
    sync.#show();
    sync.#running = Promise.all([sync.#pollOn(), sync.#judgeOn()]);
    return sync;
  }

  /** The pipeline of a camera, watched: what its networks do decides what stays. */
  watch(camera: string, pipeline: Pipeline): Pipeline {
    this.#cameras.add(camera);
    return this.#watch.watch(camera, pipeline);
  }

  /** What `/health` says. */
  examine() {
    const versions = this.#list().map(({ message, ...row }) => (message === '' ? row : { ...row, why: message }));
    const refused = versions.find(({ state }) => state === 'refused' || state === 'rolled_back');
    const { pollSeconds } = this.#options;
    const silent = Date.now() - (this.#contactAt ?? this.#startedAt);
    const isAway = this.#fault !== undefined && silent > Math.max(LEAST_AWAY_MS, MISSED * 1000 * pollSeconds);
    const told = { registry_contact_at: this.#lastContact(), versions };
    if (isAway) return { ok: false, message: `The model registry does not answer: ${this.#fault}`, ...told };
    const trouble = this.#trouble ?? this.#kinds.map(({ sync }) => sync.trouble).find((one) => one !== undefined);
    if (trouble !== undefined) return { ok: false, message: trouble, ...told };
    if (!refused) return { ok: true, ...told };
    const { kind, version, reason } = refused;
    return { ok: false, message: `Version ${version} of the ${kind} is not used: ${reason}`, ...told };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    const { log } = this.#options;
    for (const { sync } of this.#kinds) {
      await sync.close().catch((err: unknown) => log.warn({ err }, 'cannot record that this process ended in order'));
    }
  }

  async #pollOn(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#poll();
      this.#show();
      // Many edges do not ask at once.
      await pause(1000 * this.#options.pollSeconds * (0.9 + 0.2 * Math.random()), signal);
    }
  }

  async #poll(): Promise<void> {
    const { registry, log } = this.#options;
    try {
      const versions = await registry.list();
      if (this.#fault !== undefined) log.info({}, 'the model registry answers again');
      this.#fault = undefined;
      await this.#follow(versions);
    } catch (err) {
      if (this.#stop.signal.aborted) return;
      const isNew = this.#fault === undefined;
      this.#fault = messageOf(err);
      if (isNew) log.warn({ err }, 'the model registry does not answer; keeping the present models');
      else log.debug({ err }, 'the model registry still does not answer');
    }
  }

  /** A step that fails here, for example on a full disk, is no fault of the registry or of a version: it is tried again. */
  async #follow(versions: readonly ModelVersion[]): Promise<void> {
    const { log } = this.#options;
    try {
      await this.#noteContact();
      for (const { model, sync } of this.#kinds) {
        if (this.#stop.signal.aborted) return;
        const following = sync.follow(
          versions.filter((version) => version.model === model),
          this.#cameras,
        );
        const showing = setInterval(() => this.#show(), JUDGE_MS);
        await following.finally(() => clearInterval(showing));
      }
      await this.#followChallenger(versions);
      await this.#clear();
      this.#trouble = undefined;
    } catch (err) {
      if (this.#stop.signal.aborted) return;
      const isNew = this.#trouble === undefined;
      this.#trouble = `What the model registry asks for cannot be done now: ${messageOf(err)}`;
      if (isNew) log.warn({ err }, 'what the model registry asks for cannot be done now; trying again');
      else log.debug({ err }, 'what the model registry asks for still cannot be done');
    }
  }

  async #followChallenger(versions: readonly ModelVersion[]): Promise<void> {
    const { challenger, seats } = this.#options;
    const ofReader = versions.filter(({ model }) => model === seats.models.reader?.name);
    await challenger?.follow(ofReader, this.#stop.signal);
  }

  async #judgeOn(): Promise<void> {
    const { log } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await pause(JUDGE_MS, signal);
      for (const { sync } of this.#kinds) {
        await sync.judge().catch((err: unknown) => log.error({ err }, 'a model version on trial cannot be judged'));
      }
    }
  }

  async #noteContact(): Promise<void> {
    this.#contactAt = Date.now();
    const noted = this.#state.contact_at === null ? 0 : Date.parse(this.#state.contact_at);
    if (this.#contactAt - noted < NOTE_CONTACT_MS) return;
    const at = new Date(this.#contactAt).toISOString();
    await this.#change((state) => {
      state.contact_at = at;
    });
  }

  async #commit(kind: ModelKind, configured: string, change: (state: KindState) => void): Promise<void> {
    await this.#change((state) => change(stateOf(state, kind, configured)));
    this.#show();
  }

  /** One change after the other; what cannot be written does not hold. */
  #change(change: (state: SyncState) => void): Promise<void> {
    const changed = this.#changing.then(async () => {
      const next = structuredClone(this.#state);
      change(next);
      await writeState(this.#folder, next);
      this.#state = next;
    });
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  /** Removes versions that nothing needs any more, and what is left of those that nobody wants. */
  async #clear(): Promise<void> {
    const held = this.#kinds.flatMap(({ sync }) => sync.needed());
    const needed = new Set(held.map((one) => basename(folderOfVersion('', one))));
    const versions = join(this.#folder, 'versions');
    for (const name of await readdir(versions).catch(() => [])) {
      const [, of = name] = /^\.pulling-(.+?)(?:\.in-use-by)?$/.exec(name) ?? [];
      if (!needed.has(of)) await rm(join(versions, name), { recursive: true, force: true });
    }
  }

  #list() {
    return this.#kinds.flatMap(({ sync }) => sync.rows());
  }

  #lastContact(): string | null {
    return this.#contactAt === undefined ? this.#state.contact_at : new Date(this.#contactAt).toISOString();
  }

  #show(): void {
    const { versions, contact } = this.#options.metrics;
    versions.reset();
    for (const { message: _, ...labels } of this.#list()) versions.set(labels, 1);
    const last = this.#lastContact();
    contact.set((last === null ? this.#startedAt : Date.parse(last)) / 1000);
  }
}

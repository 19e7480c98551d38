import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { ModelRegistry, ModelVersion } from '../../models/registry/registry.ts';
import type { Networks } from '../../vision/pipeline.ts';
import type { EdgeModelsConfig } from './config.ts';
import { judgeTrial } from './judge-trial.ts';
import type { LocalLooks } from './local-looks.ts';
import type { ModelMetrics } from './metrics.ts';
import { bringVersion, type Spare, tryVersion, VersionRefused } from './prepare-version.ts';
import {
  folderOfVersion,
  type HeldVersion,
  isHere,
  isSame,
  type KindState,
  type ModelKind,
  prove,
  type Refusal,
  refuse,
  type Seat,
  succeed,
  type Tally,
  toHeld,
} from './sync-state.ts';
import type { CameraWatch, Watched } from './watch-cameras.ts';

/** The networks of the process, which change between two frames. */
export type Seats = Readonly<{
  models: Readonly<Partial<Record<ModelKind, Readonly<{ name: string; id: string }>>>>;
  borrow(): Networks;
  openSpare(kind: ModelKind, nameOrFolder: string): Promise<Spare>;
  use(spare: Spare, cameras?: readonly string[]): void;
}>;

/** What the edge says of one version of a kind of model. */
export type VersionRow = Readonly<{
  kind: ModelKind;
  model: string;
  version: string;
  state: 'running' | 'canary' | 'waiting' | 'downloading' | 'checking' | 'refused' | 'rolled_back';
  reason: Refusal | '';
  message: string;
}>;

type Given = Readonly<{
  kind: ModelKind;
  /** Name or folder of the configured model, and what it is called in the registry. */
  configured: string;
  model: string;
  folder: string;
  state: () => KindState;
  /** Keeps a changed state: on the disk when it resolves, and unchanged if it rejects. */
  commit: (change: (state: KindState) => void) => Promise<void>;
  seats: Seats;
  registry: ModelRegistry;
  watch: CameraWatch;
  looks: LocalLooks;
  rules: EdgeModelsConfig;
  metrics: ModelMetrics;
  log: Log;
  signal: AbortSignal;
  startedAt: number;
}>;

type Place = 'usual' | 'chosen';

/** For so long after the start a new version waits for plates that it can be tried on, milliseconds. */
const WAIT_MS = 600_000;
/** A version that ended the process so often while it was tried is not tried again. */
const MOST_TRIES = 2;

/** Keeps one kind of model at what the registry says, as far as it proves good here. */
export class KindSync {
  readonly #given: Given;
  #chosen: Spare | undefined;
  #doing: Readonly<{ held: HeldVersion; state: VersionRow['state'] }> | undefined;
  #wanted: readonly HeldVersion[] = [];
  #trouble: string | undefined;
  /** Contents that were rolled back everywhere: they may not say what is read right, and nothing goes back to them. */
  #rolledBack: ReadonlySet<string> = new Set();
  /** What this process has tried last. */
  #tried: string | undefined;
  #untrusted: readonly Readonly<{ held: HeldVersion; message: string }>[] = [];
  #turn: Promise<void> = Promise.resolve();

  constructor(given: Given) {
    this.#given = given;
  }

  /** Takes up what was left when the process ended; what all cameras run was opened with it. */
  async resume(): Promise<void> {
    const { kind, folder, seats, commit, log } = this.#given;
    const { usual, chosen } = this.#given.state();
    if (usual?.trial) this.#begin('usual', { without: chosen?.cameras, since: usual.trial.since });
    if (!chosen) return;
    try {
      if (!(await isHere(folder, chosen.held))) throw new VersionRefused('damaged', 'Its files are not as they were');
      this.#chosen = await seats.openSpare(kind, folderOfVersion(folder, chosen.held));
      seats.use(this.#chosen, chosen.cameras);
      if (chosen.trial) this.#begin('chosen', { cameras: chosen.cameras, since: chosen.trial.since });
    } catch (err) {
      log.warn({ err, kind, version: chosen.held.version }, 'a canary is not started again');
      await commit((state) => {
        state.chosen = null;
      });
    }
  }

  /** Brings what the registry says, step by step; what cannot be done now is tried at the next look. */
  async follow(versions: readonly ModelVersion[], cameras: ReadonlySet<string>): Promise<void> {
    // A registry that knows nothing of the model has nothing to say about it.
    if (versions.length === 0) return;
    const champion = versions.find(({ aliases }) => aliases.includes('champion'));
    const canary = versions.find((one) => one !== champion && one.canaryCameras.some((camera) => cameras.has(camera)));
    const wanted = [champion, canary].flatMap((version) => (version ? [{ version, held: toHeld(version) }] : []));
    this.#wanted = wanted.map(({ held }) => held);
    this.#noteUntrusted(wanted);
    const rolledBack = versions.filter(({ rolledBackAt }) => rolledBackAt !== null);
    this.#rolledBack = new Set(rolledBack.map((version) => toHeld(version).content));
    if (champion) await this.#followUsual(champion, toHeld(champion));
    else await this.#inTurn(() => this.#goBack([], 'the registry names no champion'));
    const own = canary?.canaryCameras.filter((camera) => cameras.has(camera)) ?? [];
    if (canary) await this.#followChosen(canary, toHeld(canary), own);
    else await this.#endChosen();
  }

  /** Takes versions on trial back, or lets them stay, by what was counted since they came. */
  async judge(): Promise<void> {
    const { kind, watch, rules, commit, log } = this.#given;
    for (const place of ['usual', 'chosen'] as const) {
      const { trial, held } = this.#given.state()[place] ?? {};
      if (!trial || !held) continue;
      const { tally: now, hours } = watch.get(this.#trialOf(place));
      const verdict = judgeTrial({ kind, past: trial.past, now, hours, rules });
      if (verdict === 'goes on') continue;
      await this.#inTurn(async () => {
        if (this.#given.state()[place]?.trial?.since !== trial.since) return;
        if (verdict !== 'passed') return this.#takeBack(place, held, verdict);
        await commit((state) => {
          const seat = state[place];
          if (seat) seat.trial = null;
          prove(state, held);
        });
        watch.end(this.#trialOf(place));
        log.info({ kind, version: held.version }, 'a model version has passed its trial');
      });
    }
  }

  /** An orderly end does not count against a version on trial, however often it happens. */
  async close(): Promise<void> {
    if (!this.#given.state().usual?.trial?.starts) return;
    await this.#given.commit(({ usual }) => {
      if (usual?.trial) usual.trial.starts -= 1;
    });
  }

  /** Why what the registry wants cannot be brought now; it is tried again. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** What runs, what is on its way, and what is not used although the registry wants it. */
  rows(): readonly VersionRow[] {
    const { kind, seats } = this.#given;
    const { usual, chosen, refused } = this.#given.state();
    const row = ({ id, version }: Pick<HeldVersion, 'id' | 'version'>, state: VersionRow['state']) => ({
      ...{ kind, model: id, version, state, reason: '' as const, message: '' },
    });
    const running = seats.models[kind];
    return [
      ...(running ? [row({ id: running.id, version: usual?.held.version ?? '' }, 'running')] : []),
      ...(chosen ? [row(chosen.held, 'canary')] : []),
      ...(this.#doing ? [row(this.#doing.held, this.#doing.state)] : []),
      ...refused
        .filter((one) => this.#wanted.some((held) => isSame(held, one)))
        .map((one) => ({ ...row(one, one.ran ? 'rolled_back' : 'refused'), reason: one.reason, message: one.message })),
      ...this.#untrusted.map(({ held, message }) => ({
        ...row(held, 'refused'),
        reason: 'untrusted' as const,
        message,
      })),
    ];
  }

  /** Versions whose files are needed. */
  needed(): readonly HeldVersion[] {
    const { usual, chosen, good } = this.#given.state();
    const back = good.map(({ held }) => held);
    return [usual?.held, chosen?.held, ...back, ...this.#wanted].filter((held) => held !== undefined);
  }

  #noteUntrusted(wanted: readonly Readonly<{ version: ModelVersion; held: HeldVersion }>[]): void {
    const { kind, log, metrics } = this.#given;
    const untrusted = wanted.flatMap(({ version: { fault }, held }) =>
      fault === null ? [] : [{ held, message: fault }],
    );
    for (const { held, message } of untrusted) {
      if (this.#untrusted.some((known) => known.held.version === held.version)) continue;
      metrics.changes.inc({ kind, outcome: 'refused' });
      log.warn({ kind, version: held.version, reason: 'untrusted', why: message }, 'a model version is refused');
    }
    this.#untrusted = untrusted;
  }

  async #followUsual(version: ModelVersion, held: HeldVersion): Promise<void> {
    const { kind, seats, log, metrics } = this.#given;
    const before = this.#given.state().usual;
    if (before?.held.content === held.content) return;
    const isChosen = this.#given.state().chosen?.held.content === held.content;
    const spare = (isChosen ? this.#chosen : undefined) ?? (await this.#prepare(version, held));
    if (!spare) return;
    await this.#inTurn(async () => {
      if (this.#given.state().usual?.held.content !== before?.held.content)
        return spare === this.#chosen ? undefined : spare[Symbol.asyncDispose]();
      const without = isChosen ? [] : this.#given.state().chosen?.cameras;
      const seat = this.#createSeat('usual', held, { without });
      await this.#commitOrClose(spare, (state) => {
        if (before) prove(state, before.held);
        succeed(state, seat, this.#rolledBack);
        state.trying = null;
        if (isChosen) state.chosen = null;
      });
      seats.use(spare);
      if (isChosen) this.#chosen = undefined;
      metrics.changes.inc({ kind, outcome: 'used' });
      log.info({ kind, model: held.id, version: held.version }, 'all cameras run another model version');
    });
  }

  async #followChosen(version: ModelVersion, held: HeldVersion, cameras: readonly string[]): Promise<void> {
    const { kind, seats, log, metrics } = this.#given;
    const { usual, chosen } = this.#given.state();
    if (usual?.held.content === held.content) return this.#endChosen();
    const isSeated = this.#chosen !== undefined && chosen?.held.content === held.content;
    if (isSeated && chosen?.cameras.join() === cameras.join()) return;
    const spare = isSeated ? this.#chosen : await this.#prepare(version, held);
    if (!spare) return;
    await this.#inTurn(async () => {
      const seat = this.#createSeat('chosen', held, { cameras });
      await this.#commitOrClose(spare, (state) => {
        state.chosen = { ...seat, cameras: [...cameras] };
        state.trying = null;
      });
      seats.use(spare, cameras);
      this.#chosen = spare;
      metrics.changes.inc({ kind, outcome: 'canary' });
      log.info({ kind, model: held.id, version: held.version, cameras }, 'some cameras run another model version');
    });
  }

  #endChosen(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#given.state().chosen) await this.#unseatChosen();
    });
  }

  async #unseatChosen(): Promise<void> {
    await this.#given.commit((state) => {
      state.chosen = null;
    });
    this.#given.watch.end(this.#trialOf('chosen'));
    if (this.#chosen) this.#given.seats.use(this.#chosen, []);
    this.#chosen = undefined;
  }

  /** The version, brought, verified and tried; undefined while it must wait, and for one that is refused. */
  async #prepare(version: ModelVersion, held: HeldVersion): Promise<Spare | undefined> {
    const { kind, model, folder, seats, registry, looks, rules, metrics, log, signal } = this.#given;
    const state = this.#given.state();
    if (version.fault !== null || state.refused.some((one) => isSame(held, one))) return undefined;
    this.#doing = { held, state: 'downloading' };
    this.#trouble = undefined;
    try {
      await bringVersion({ registry, model, held, folder, signal });
      const isJudge = !this.#rolledBack.has(state.usual?.held.content ?? '');
      const isProven = state.proven.includes(held.content) || !isJudge;
      const isEarly = Date.now() - this.#given.startedAt < WAIT_MS;
      if (!isProven && isEarly && kind !== 'vehicle' && looks.list().length < rules.looks) {
        this.#doing = { held, state: 'waiting' };
        return undefined;
      }
      this.#doing = { held, state: 'checking' };
      await this.#noteTry(held);
      const { openSpare, borrow } = seats;
      const spare = await tryVersion({
        kind,
        held,
        folder,
        openSpare,
        borrow,
        looks: isProven ? [] : looks.list(),
        rules,
      });
      this.#doing = undefined;
      return spare;
    } catch (error) {
      this.#doing = undefined;
      if (error instanceof VersionRefused) await this.#refuse(held, error, false);
      else if (!signal.aborted) {
        this.#trouble = `Version ${held.version} of the ${kind} cannot be brought here: ${messageOf(error)}`;
        metrics.changes.inc({ kind, outcome: 'failed' });
        log.warn({ err: error, kind, version: held.version }, 'a model version cannot be fetched; trying again');
        await this.#given.commit((known) => {
          known.trying = null;
        });
      }
      return undefined;
    }
  }

  /** Written to disk before the version is opened, because a network may crash the process. While this process lives, a try counts once. */
  async #noteTry({ content }: HeldVersion): Promise<void> {
    const { trying } = this.#given.state();
    const times = trying?.content === content ? trying.times : 0;
    if (times > 0 && this.#tried === content) return;
    if (times >= MOST_TRIES) throw new VersionRefused('crashed', `The process ended ${times} times while it was tried`);
    await this.#given.commit((state) => {
      state.trying = { content, times: times + 1 };
    });
    this.#tried = content;
  }

  /** A version whose new role cannot be written to disk does not get it, and is opened again later. */
  async #commitOrClose(spare: Spare, change: (state: KindState) => void): Promise<void> {
    try {
      await this.#given.commit(change);
    } catch (error) {
      if (spare !== this.#chosen) await spare[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #refuse(held: HeldVersion, { reason, message }: Pick<VersionRefused, 'reason' | 'message'>, ran: boolean) {
    const { kind, commit, metrics, log } = this.#given;
    const { version, id, content } = held;
    // It may have been fetched amid a promotion: after the champion was named, before it was noted when.
    const { decision } = this.#wanted.find((one) => one.content === content) ?? held;
    await commit((state) => {
      refuse(state, { version, id, content, decision, reason, message, at: new Date().toISOString(), ran });
      state.trying = null;
    });
    metrics.changes.inc({ kind, outcome: ran ? 'rolled_back' : 'refused' });
    if (!ran) log.warn({ kind, version, reason, why: message }, 'a model version is refused');
    else log.error({ kind, version, reason, why: message }, 'a model version is taken back');
  }

  async #takeBack(place: Place, held: HeldVersion, fault: Pick<VersionRefused, 'reason' | 'message'>): Promise<void> {
    await this.#refuse(held, fault, true);
    if (place === 'usual') {
      const good = this.#given.state().good.filter((seat) => !this.#rolledBack.has(seat.held.content));
      return this.#goBack(good, fault.message);
    }
    await this.#unseatChosen();
  }

  /** Goes back to the newest of these, with what is left of its trial, or to the configured model; further back where it cannot be opened any more. */
  async #goBack(good: readonly Seat[], why: string): Promise<void> {
    const { kind, configured, folder, seats, commit, watch, log } = this.#given;
    const { usual, chosen } = this.#given.state();
    const seat = good.at(-1) ?? null;
    if (!seat && !usual) return;
    const { held, trial } = seat ?? {};
    const others = good.slice(0, -1);
    await commit((state) => {
      state.usual = seat && { ...seat, trial: seat.trial && { ...seat.trial, starts: 0 } };
      state.good = [...others];
    });
    watch.end(this.#trialOf('usual'));
    try {
      seats.use(await seats.openSpare(kind, held ? folderOfVersion(folder, held) : configured));
      if (trial) this.#begin('usual', { without: chosen?.cameras, since: trial.since });
      const version = held?.version ?? 'configured';
      log.info({ kind, version, why }, 'all cameras run the previous model version again');
    } catch (err) {
      log.error({ err, kind }, 'the previous model version cannot be opened');
      if (seat) await this.#goBack(others, why);
    }
  }

  #createSeat(place: Place, held: HeldVersion, watched: Watched): Seat {
    return { held, trial: { since: new Date().toISOString(), starts: 0, past: this.#begin(place, watched) } };
  }

  #begin(place: Place, watched: Watched): Tally {
    return this.#given.watch.begin(this.#trialOf(place), watched);
  }

  #trialOf(place: Place): string {
    return `${this.#given.kind}/${place}`;
  }

  /** One change of the seats after the other. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

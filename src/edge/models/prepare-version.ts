import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AlprError, type ErrorCode } from '../../base/errors.ts';
import { makeFolder } from '../../base/make-folder.ts';
import type { ModelRegistry } from '../../models/registry/registry.ts';
import type { Networks } from '../../vision/pipeline.ts';
import type { EdgeModelsConfig } from './config.ts';
import { compareOnLooks, type LocalLook } from './local-looks.ts';
import { folderOfVersion, type HeldVersion, isHere, type ModelKind, type Refusal } from './sync-state.ts';

/** A network beside those in use. */
export type Spare = AsyncDisposable &
  Readonly<{ id: string; kind: ModelKind; networks: Networks; check(): Promise<void> }>;

/** Why a version must not run here. */
export class VersionRefused extends Error {
  readonly reason: Refusal;

  constructor(reason: Refusal, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/** Errors that no other try will mend, unlike a registry or a disk that is away. */
const LASTING: readonly ErrorCode[] = ['MODEL_UNTRUSTED', 'MODEL_INVALID', 'MODEL_NOT_FOUND', 'INFERENCE_FAILED'];

async function orRefuse<T>(reason: Refusal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AlprError) || !LASTING.includes(error.code)) throw error;
    throw new VersionRefused(reason, error.message, error);
  }
}

type Bringing = Readonly<{
  registry: Pick<ModelRegistry, 'pull'>;
  /** Name of the model in the registry. */
  model: string;
  held: HeldVersion;
  /** Folder of the versions and of what is on its way. */
  folder: string;
  signal: AbortSignal;
}>;

/** Brings a version here, unless it is; its folder is there whole and as it was signed or not at all. */
export async function bringVersion({ registry, model, held, folder, signal }: Bringing): Promise<void> {
  const place = folderOfVersion(folder, held);
  // What was damaged on this disk says nothing about the version.
  if (!(await isHere(folder, held))) await rm(place, { recursive: true, force: true });
  await makeFolder(dirname(place));
  const { version } = held;
  await orRefuse('untrusted', () => registry.pull({ model, version }, place, signal));
}

type Trying = Readonly<{
  kind: ModelKind;
  held: HeldVersion;
  folder: string;
  openSpare: (kind: ModelKind, folder: string) => Promise<Spare>;
  /** The networks in use. */
  borrow: () => Networks;
  /** Plates to be read as well as the present model reads them; none for a version that ran here before. */
  looks: readonly LocalLook[];
  rules: EdgeModelsConfig;
}>;

/** Opens a version and tries it: golden pictures, then plates of the cameras here; {@link VersionRefused} says what it failed. */
export async function tryVersion({ kind, held, folder, openSpare, borrow, looks, rules }: Trying): Promise<Spare> {
  const spare = await orRefuse('damaged', () => openSpare(kind, folderOfVersion(folder, held)));
  try {
    if (spare.id !== held.id) throw new VersionRefused('damaged', `Expected ${held.id}, but it holds ${spare.id}`);
    await orRefuse('golden', () => spare.check());
    await orRefuse('errors', () => compare({ kind, spare, borrow, looks, rules }));
    return spare;
  } catch (error) {
    await spare[Symbol.asyncDispose]();
    throw error;
  }
}

/** So many looks must have been timed before a ratio says something. */
const TIMED = 5;

async function compare({
  kind,
  spare,
  borrow,
  looks,
  rules,
}: Pick<Trying, 'kind' | 'borrow' | 'looks' | 'rules'> & Readonly<{ spare: Spare }>): Promise<void> {
  if (looks.length === 0 || kind === 'vehicle') return;
  const present = borrow();
  try {
    const networks = { present, other: spare.networks };
    // The first run of a network takes longer than those that follow.
    await compareOnLooks(looks.slice(0, 1), kind, networks);
    const { asked, same, presentMs, otherMs } = await compareOnLooks(looks, kind, networks);
    if (asked - same > Math.ceil((1 - rules.same_share) * asked)) {
      const message = `Of ${asked} plates that the present model gets right in pictures of the cameras here, it gets ${same}`;
      throw new VersionRefused('local_looks', message);
    }
    if (looks.length >= TIMED && otherMs > rules.latency_ratio * presentMs) {
      const times = `${(otherMs / looks.length).toFixed(1)} ms, the present one ${(presentMs / looks.length).toFixed(1)} ms`;
      throw new VersionRefused('latency', `A plate takes ${times}`);
    }
  } finally {
    present.giveBack?.();
  }
}

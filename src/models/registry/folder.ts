import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { writeDurably } from '../../base/durable-file.ts';
import { AlprError, codeOf, messageOf } from '../../base/errors.ts';
import { type Holding, lockFolder } from '../../base/folder-lock.ts';
import { makeFolder } from '../../base/make-folder.ts';
import { plainFile } from '../manifest-common.ts';
import { MODEL_ALIASES } from './registry.ts';
import type { NewVersion, StoredVersion, VersionStore } from './version-store.ts';

const STATE = 'state.json';
const LOCK = '.in-use-by';
/** The lock is held for a moment only: one of this age was left behind by a process or a machine that ended. */
const LOCK_LEFT_MS = 10_000;
const LOCK_WAIT_MS = 20_000;
const MODEL = /^[a-z0-9][a-z0-9._-]*$/;
const NUMBER = /^[1-9]\d{0,8}$/;

const number = z.string().regex(NUMBER);
const stateSchema = z.strictObject({
  aliases: z.partialRecord(z.enum(MODEL_ALIASES), number),
  versions: z.record(number, z.strictObject({ created_at: z.iso.datetime(), tags: z.record(z.string(), z.string()) })),
});
type State = z.infer<typeof stateSchema>;

/**
 * Versions in a folder: `<model>/<number>/` has the files of each and never changes, `<model>/state.json` what is decided
 * about them.
 */
export function openFolderStore(root: string): VersionStore {
  const placeOf = (model: string) => {
    if (MODEL.test(model)) return join(root, model);
    throw new AlprError('NOT_FOUND', `Expected the name of a model, got "${model}"`);
  };
  const change = (model: string, edit: (state: State) => void) =>
    reach(root, async () => {
      await using _lock = await waitForLock(placeOf(model));
      const state = await readState(placeOf(model));
      edit(state);
      await writeDurably(join(placeOf(model), STATE), `${JSON.stringify(state, undefined, 2)}\n`, 0o644);
    });
  return {
    kind: 'folder',
    list: (model) => reach(root, () => listVersions(root, model)),
    add: (version) => reach(root, () => addVersion(placeOf(version.model), version, change)),
    setAlias: (model, alias, version) =>
      change(model, (state) => {
        if (version === undefined) delete state.aliases[alias];
        else state.aliases[alias] = version;
      }),
    setTags: (model, version, tags) =>
      change(model, ({ versions }) => {
        if (versions[version]) Object.assign(versions[version].tags, tags);
      }),
    read: async (model, version, path, from) => {
      if (!NUMBER.test(version) || !plainFile.safeParse(path).success) throw notThere(model, version, path);
      return openFile(join(placeOf(model), version, path), from, () => notThere(model, version, path));
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

async function listVersions(root: string, model?: string): Promise<readonly StoredVersion[]> {
  const found: StoredVersion[] = [];
  for (const entry of await readdir(root, { withFileTypes: true }).catch(ignoreMissing)) {
    if (!entry.isDirectory() || !MODEL.test(entry.name) || (model !== undefined && entry.name !== model)) continue;
    const { aliases, versions } = await readState(join(root, entry.name));
    for (const [version, { created_at: createdAt, tags }] of Object.entries(versions)) {
      const own = MODEL_ALIASES.filter((alias) => aliases[alias] === version);
      found.push({ model: entry.name, version, createdAt, aliases: own, tags });
    }
  }
  return found;
}

/** The files are there before the version is in the list: a version is there whole or not at all. */
async function addVersion(
  place: string,
  { model, folder, paths, tags }: NewVersion,
  change: (model: string, edit: (state: State) => void) => Promise<void>,
): Promise<string> {
  await makeFolder(place);
  const staging = await mkdtemp(join(place, '.adding-'));
  try {
    for (const path of paths) {
      await makeFolder(dirname(join(staging, path)));
      await copyFile(join(folder, path), join(staging, path));
      await sync(join(staging, path));
    }
    await chmod(staging, 0o755);
    const version = await takeNumber(place, staging);
    await change(model, ({ versions }) => {
      versions[version] = { created_at: new Date().toISOString(), tags: { ...tags } };
    });
    return version;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function takeNumber(place: string, staging: string): Promise<string> {
  for (;;) {
    const taken = (await readdir(place)).filter((name) => NUMBER.test(name)).map(Number);
    const version = String(Math.max(0, ...taken) + 1);
    try {
      await rename(staging, join(place, version));
      return version;
    } catch (error) {
      // Somebody else has taken this number.
      if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
    }
  }
}

async function sync(file: string): Promise<void> {
  await using handle = await open(file, 'r+');
  await handle.sync();
}

async function readState(place: string): Promise<State> {
  let text: string;
  try {
    text = await readFile(join(place, STATE), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { aliases: {}, versions: {} };
    throw error;
  }
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (cause) {
    const message = `Expected ${join(place, STATE)} as this program writes it, but it is damaged. Restore it from a copy, or move the folder away and register again.`;
    throw new AlprError('MODEL_REGISTRY_UNAVAILABLE', message, { cause });
  }
}

/** Machines that share a folder do not see each other's processes, and their clocks differ: both times come from the file system. */
const SHARED: Holding = {
  describe: async () => `${process.pid} ${hostname()} ${randomUUID()}`,
  isHeld: async (_, { lock, mine }) => {
    const there = await stat(lock).catch(() => undefined);
    return there !== undefined && (await stat(mine)).mtimeMs - there.mtimeMs < LOCK_LEFT_MS;
  },
};

/** Commands and the API hold it for a moment only. */
async function waitForLock(place: string): Promise<AsyncDisposable> {
  for (const end = performance.now() + LOCK_WAIT_MS; ; ) {
    try {
      return await lockFolder(place, LOCK, SHARED);
    } catch (error) {
      if (codeOf(error) !== 'ALREADY_RUNNING' || performance.now() > end) throw error;
      await sleep(20);
    }
  }
}

async function openFile(file: string, from: number, notThere: () => AlprError): Promise<NodeJS.ReadableStream> {
  try {
    // A pipe would be waited for, and holds up all other files with it.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    if ((await handle.stat()).isFile()) return handle.createReadStream({ start: from });
    await handle.close();
    throw notThere();
  } catch (error) {
    if (error instanceof AlprError) throw error;
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error))) throw notThere();
    throw unreachable(file, error);
  }
}

/** Nothing was registered yet. */
function ignoreMissing(error: unknown): [] {
  if (codeOf(error) === 'ENOENT') return [];
  throw error;
}

async function reach<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AlprError ? error : unreachable(root, error);
  }
}

function unreachable(place: string, cause: unknown): AlprError {
  const message = `Expected to work with the model registry in ${place}: ${messageOf(cause)}`;
  return new AlprError('MODEL_REGISTRY_UNAVAILABLE', message, { cause });
}

function notThere(model: string, version: string, path: string): AlprError {
  return new AlprError('NOT_FOUND', `Version ${version} of ${model} has no file ${path} in the registry`);
}

import { createWriteStream } from 'node:fs';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeDurably } from '../../base/durable-file.ts';
import { AlprError, codeOf } from '../../base/errors.ts';
import { lockFolder } from '../../base/folder-lock.ts';
import { makeFolder } from '../../base/make-folder.ts';
import { backoffDelay, pause } from '../../base/retry.ts';
import { readLimited } from './read-limited.ts';
import type { ModelRegistry, VersionFile, WantedVersion } from './registry.ts';
import { measureFile, verifyFolder } from './version-files.ts';
import { MOST_SIGNATURE_BYTES, parseSignature, requireTrusted, SIGNATURE_FILE } from './version-signature.ts';

type Pull = Readonly<{
  registry: Pick<ModelRegistry, 'read' | 'trusted'>;
  version: WantedVersion;
  /** Where it will be; if it is there and whole, nothing is asked for. */
  folder: string;
  signal?: AbortSignal;
}>;

const BACKOFF = { firstMs: 250, maxMs: 5000, factor: 2 } as const;
/** Attempts in a row that bring no byte. */
const MOST_IN_VAIN = 4;
/** A file that comes more slowly than 4 kB a second, after a minute of grace, is given up. */
const GRACE_MS = 60_000;
const MS_PER_BYTE = 1 / 4;

/**
 * Brings a version into a folder: the signed list first, then each file, from where an earlier attempt was cut off. The folder has its
 * name only once everything in it is what a trusted key has signed; MODEL_UNTRUSTED otherwise, and nothing of it stays.
 * CONFLICT when another version has the folder.
 */
export async function pullVersion(pull: Pull): Promise<void> {
  const { registry, version } = pull;
  const folder = resolve(pull.folder);
  const signal = pull.signal ?? new AbortController().signal;
  if (await exists(folder)) {
    const { files } = await verifyFolder(folder, registry.trusted);
    if (version.files && listHashes(files) !== listHashes(version.files)) throw takenFolder(folder, version);
    return;
  }
  const name = `.pulling-${basename(folder)}`;
  const part = join(dirname(folder), name);
  await using _lock = await lockFolder(dirname(folder), `${name}.in-use-by`);
  await makeFolder(part);
  try {
    const text = (await readLimited(await registry.read(version, SIGNATURE_FILE, 0), MOST_SIGNATURE_BYTES)).toString();
    const signature = parseSignature(text);
    requireTrusted(signature, registry.trusted);
    for (const file of signature.files) await takeFile({ ...pull, part, file, signal });
    await writeDurably(join(part, SIGNATURE_FILE), text);
    await verifyFolder(part, registry.trusted);
    await rename(part, folder);
  } catch (error) {
    // What was cut off is gone on with; what is not as it was signed must not be.
    if (codeOf(error) === 'MODEL_UNTRUSTED') await rm(part, { recursive: true, force: true });
    throw error;
  }
}

/** A registry that was lost and filled again numbers its versions from 1 again. */
function takenFolder(folder: string, { model, version }: WantedVersion): AlprError {
  return new AlprError(
    'CONFLICT',
    `Expected version ${version} of ${model} in ${folder}, but another version with this number, perhaps of an earlier registry, is there. Move that folder away, or choose another one with --to`,
  );
}

function listHashes(files: readonly VersionFile[]): string {
  return files
    .map(({ path, sha256 }) => `${sha256} ${path}\n`)
    .toSorted()
    .join('');
}

type Taking = Pull & Readonly<{ part: string; file: VersionFile; signal: AbortSignal }>;

/** Once more from the beginning where a resumed file is wrong: its first half may be that of another version. */
async function takeFile(taking: Taking): Promise<void> {
  const path = join(taking.part, taking.file.path);
  await makeFolder(dirname(path));
  if ((await sizeOf(path)) > taking.file.bytes) await rm(path);
  const resumed = (await sizeOf(path)) > 0;
  await fillFile(taking, path);
  if (await isSigned(path, taking.file)) return;
  const refusal = await refuse(taking, path, 'its sha256 is another one');
  if (!resumed) throw refusal;
  await fillFile(taking, path);
  if (!(await isSigned(path, taking.file))) throw refusal;
}

async function fillFile(taking: Taking, path: string): Promise<void> {
  const { bytes } = taking.file;
  const limit = AbortSignal.timeout(Math.ceil(GRACE_MS + bytes * MS_PER_BYTE));
  const signal = AbortSignal.any([limit, taking.signal]);
  await writeFile(path, '', { flag: 'a' });
  for (let inVain = 0, from = await sizeOf(path); from !== bytes; ) {
    const failure = await appendFrom({ ...taking, signal }, path, from).catch((error: unknown) => ({ error }));
    const now = await sizeOf(path);
    inVain = now > from ? 0 : inVain + 1;
    if (!failure && now === from) throw await refuse(taking, path, `it ends after ${now} of ${bytes} bytes`);
    if (limit.aborted) throw tooSlow(taking);
    if (failure && (isLasting(failure.error) || signal.aborted || inVain === MOST_IN_VAIN)) throw failure.error;
    if (failure) await pause(backoffDelay(BACKOFF, inVain), signal);
    from = now;
  }
}

function isLasting(error: unknown): boolean {
  return error instanceof AlprError && !error.retry;
}

async function refuse(taking: Taking, path: string, why: string): Promise<AlprError> {
  await rm(path, { force: true });
  return new AlprError('MODEL_UNTRUSTED', `${describe(taking)} is not what was signed: ${why}`);
}

function tooSlow(taking: Taking): AlprError {
  return new AlprError(
    'MODEL_REGISTRY_UNAVAILABLE',
    `Expected at least 4 kB a second of ${describe(taking)}; the next attempt continues from here`,
  );
}

/** More than was signed shows that it is another file, whatever ends its stream. */
async function appendFrom(taking: Taking, path: string, from: number): Promise<void> {
  const { registry, version, file, signal } = taking;
  const stream = await registry.read(version, file.path, from);
  let left = file.bytes - from;
  async function* count(chunks: AsyncIterable<string | Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      left -= chunk.length;
      if (left < 0) throw new Error('too long');
      yield Buffer.from(chunk);
    }
  }
  const target = createWriteStream(path, { flags: 'a', flush: true });
  await pipeline(stream, count, target, { signal }).catch(async (error: unknown) => {
    throw left < 0 ? await refuse(taking, path, `it has more than ${file.bytes} bytes`) : error;
  });
}

async function isSigned(path: string, { bytes, sha256 }: VersionFile): Promise<boolean> {
  const found = await measureFile(path);
  return found.bytes === bytes && found.sha256 === sha256;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then((found) => found.size, ignoreMissing);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => ignoreMissing(error) > 0,
  );
}

function ignoreMissing(error: unknown): 0 {
  if (codeOf(error) === 'ENOENT') return 0;
  throw error;
}

function describe({ version, file }: Taking): string {
  return `${file.path} of version ${version.version} of ${version.model}`;
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { AlprError, messageOf } from '../base/errors.ts';
import { type LoadedManifest, loadDictionary } from './dictionary.ts';
import { type Manifest, manifestSchema } from './manifest.ts';

/** A model on disk whose `model.json` is valid; its weights are not verified yet. */
export type FoundModel = Readonly<{ folder: string; manifest: LoadedManifest }>;

/**
 * Finds a model by the name of its folder in `folders`, or by the path of its own folder. MODEL_NOT_FOUND lists the
 * models that exist, MODEL_INVALID each fault in its `model.json`.
 */
export async function findModel(nameOrFolder: string, folders: readonly string[]): Promise<FoundModel> {
  const isName = basename(nameOrFolder) === nameOrFolder && nameOrFolder !== '.' && nameOrFolder !== '..';
  const places = isName ? folders.map((folder) => join(folder, nameOrFolder)) : [nameOrFolder];
  for (const place of places) {
    const text = await readIfThere(join(place, 'model.json'));
    if (text === undefined) continue;
    const manifest = await loadDictionary(parseManifest(text, join(place, 'model.json')), place);
    return { folder: resolve(place), manifest };
  }
  const known = await listModels(folders);
  const choice = known.length > 0 ? `There are: ${known.join(', ')}.` : `No model was found in ${folders.join(', ')}.`;
  const looked = places.map((place) => join(place, 'model.json')).join(', ');
  throw new AlprError(
    'MODEL_NOT_FOUND',
    `Expected a model "${nameOrFolder}", but there is no ${looked}. ${choice} Correct the name or add its folder to models.folders.`,
  );
}

/** Names of all models in `folders`, each once, sorted. */
export async function listModels(folders: readonly string[]): Promise<string[]> {
  const names = new Set<string>();
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(ignoreMissing)) {
      if (name.startsWith('.')) continue;
      if ((await readIfThere(join(folder, name, 'model.json'))) !== undefined) names.add(name);
    }
  }
  return [...names].sort();
}

/** The path of the model's file, once its size and sha256 match `model.json`; otherwise MODEL_INVALID. */
export async function verifyModelFile(model: FoundModel): Promise<string> {
  const { file, bytes, sha256 } = model.manifest;
  const path = join(model.folder, file);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw invalid(path, 'model.json names this file, but it is not there. Copy the model again');
  if (found.size !== bytes) {
    throw invalid(path, `expected ${bytes} bytes as model.json says, found ${found.size}. Copy the model again`);
  }
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const digest = hash.digest('hex');
  if (digest !== sha256) {
    throw invalid(path, `expected sha256 ${sha256} as model.json says, found ${digest}. Copy the model again`);
  }
  return path;
}

function parseManifest(text: string, path: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new AlprError('MODEL_INVALID', `${path} is not JSON: ${messageOf(cause)}. Write it again`, { cause });
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) throw invalid(path, `${z.prettifyError(parsed.error)}\nCorrect these fields`);
  return parsed.data;
}

function invalid(path: string, message: string): AlprError {
  return new AlprError('MODEL_INVALID', `${path}: ${message}.`);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new AlprError('MODEL_INVALID', `${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

function ignoreMissing(error: unknown): string[] {
  if (isMissing(error)) return [];
  throw error;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

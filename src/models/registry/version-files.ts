import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AlprError, codeOf } from '../../base/errors.ts';
import { plainFile } from '../manifest-common.ts';
import type { VersionFile } from './registry.ts';
import type { TrustedKeys } from './trusted-keys.ts';
import {
  MOST_SIGNATURE_BYTES,
  parseSignature,
  requireTrusted,
  SIGNATURE_FILE,
  type VersionSignature,
} from './version-signature.ts';

/** Every file below a folder but its signature, with size and digest. Hidden ones are left out; MODEL_INVALID for a link or a name that no version has. */
export async function listFiles(folder: string): Promise<readonly VersionFile[]> {
  const files: VersionFile[] = [];
  for (const path of await listPaths(folder)) {
    if (path === SIGNATURE_FILE) continue;
    files.push({ path, ...(await measureFile(join(folder, path))) });
  }
  return files;
}

async function listPaths(folder: string, below = ''): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    const isPlain = plainFile.safeParse(path).success && (entry.isFile() || entry.isDirectory());
    if (!isPlain) {
      const message = `Expected plain files with names of letters, digits, ".", "_" and "-" in ${folder}, found ${path}. Rename or remove it.`;
      throw new AlprError('MODEL_INVALID', message);
    }
    if (entry.isDirectory()) paths.push(...(await listPaths(folder, path)));
    else paths.push(path);
  }
  return paths;
}

/** Size and digest of a file. */
export async function measureFile(file: string): Promise<Omit<VersionFile, 'path'>> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { bytes: (await stat(file)).size, sha256: hash.digest('hex') };
}

/** The signature of a folder that a trusted key has signed, and that has exactly the files it lists; MODEL_UNTRUSTED otherwise. */
export async function verifyFolder(folder: string, trusted: TrustedKeys): Promise<VersionSignature> {
  const signature = parseSignature(await readSignature(folder));
  requireTrusted(signature, trusted);
  const found = new Map((await listFiles(folder)).map((file) => [file.path, file]));
  for (const { path, bytes, sha256 } of signature.files) {
    const file = found.get(path);
    if (!file) throw changed(folder, `${path} was removed`);
    if (file.bytes !== bytes || file.sha256 !== sha256) throw changed(folder, `${path} was changed`);
    found.delete(path);
  }
  const [added] = found.keys();
  if (added !== undefined) throw changed(folder, `${added} was added`);
  return signature;
}

async function readSignature(folder: string): Promise<string> {
  const file = join(folder, SIGNATURE_FILE);
  try {
    if ((await stat(file)).size > MOST_SIGNATURE_BYTES) throw changed(folder, `${SIGNATURE_FILE} is too large`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw new AlprError('MODEL_UNTRUSTED', `Expected ${file}, with which alpr models register signs a version`);
  }
}

function changed(folder: string, what: string): AlprError {
  return new AlprError('MODEL_UNTRUSTED', `${folder} is not what was signed: ${what} since`);
}

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { AlprError, codeOf } from '../../base/errors.ts';
import { makeFolder } from '../../base/make-folder.ts';
import type { SigningKey } from '../../identity/signing-key.ts';
import { findModel } from '../hub.ts';
import { describeCard, parseCard, type VersionCard } from './card.ts';
import { listFiles } from './version-files.ts';
import { CARD_FILE, SIGNATURE_FILE, signFiles } from './version-signature.ts';

/** A copy of a model folder with its card and signature; disposing of it removes it. */
export type SignedFolder = AsyncDisposable & Readonly<{ folder: string }>;

/**
 * Signs a copy of a model folder, which stays as it is. A card that is missing is made of its `model.json`; MODEL_INVALID when it is
 * the card of another model.
 */
export async function signFolder(folder: string, key: SigningKey): Promise<SignedFolder> {
  const staging = await mkdtemp(join(tmpdir(), 'alpr-version-'));
  const remove = () => rm(staging, { recursive: true, force: true });
  try {
    const { manifest } = await findModel(resolve(folder), []);
    for (const { path } of await listFiles(folder)) {
      await makeFolder(dirname(join(staging, path)));
      await cp(join(folder, path), join(staging, path));
    }
    const described = describeCard(manifest);
    const given = await readCard(folder);
    if (given && (given.model !== described.model || given.weights_sha256 !== described.weights_sha256)) {
      const message = `${join(folder, CARD_FILE)} is the card of ${given.model}, ${given.weights_sha256.slice(0, 12)}; remove it to get one made of model.json`;
      throw new AlprError('MODEL_INVALID', message);
    }
    await writeFile(join(staging, CARD_FILE), `${JSON.stringify(given ?? described, undefined, 2)}\n`);
    const signature = signFiles(await listFiles(staging), key, new Date());
    await writeFile(join(staging, SIGNATURE_FILE), `${JSON.stringify(signature, undefined, 2)}\n`);
    return { folder: staging, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function readCard(folder: string): Promise<VersionCard | undefined> {
  const text = await readFile(join(folder, CARD_FILE), 'utf8').catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
  if (text === undefined) return undefined;
  const card = parseCard(text);
  if (typeof card === 'string') throw new AlprError('MODEL_INVALID', `${folder}: ${card}`);
  return card;
}

import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AlprError, codeOf, messageOf } from '../../base/errors.ts';
import { fingerprintOfPem } from '../../identity/signing-key.ts';
import type { ModelRegistryConfig } from './config.ts';

/** Public keys (PEM) by their fingerprints. */
export type TrustedKeys = ReadonlyMap<string, string>;

type KeyConfig = Pick<ModelRegistryConfig, 'trusted_keys' | 'signing_key'>;

/** The keys that the configuration trusts, and this machine's own. CONFIG_INVALID names an entry that is no Ed25519 public key. */
export async function loadTrustedKeys(config: KeyConfig, dataFolder: string): Promise<Map<string, string>> {
  const keys = new Map<string, string>();
  for (const [index, given] of config.trusted_keys.entries()) {
    const pem = await readGiven(given, index);
    const fingerprint = fingerprintOfPem(pem);
    if (fingerprint === undefined) throw notAKey(index, 'it is no Ed25519 public key');
    keys.set(fingerprint, pem);
  }
  await addOwnKey(keys, config, dataFolder);
  return keys;
}

/** Adds this machine's own key, which may have been made since. */
export async function addOwnKey(keys: Map<string, string>, config: KeyConfig, dataFolder: string): Promise<void> {
  const own = await readOwn(resolve(dataFolder, config.signing_key));
  const fingerprint = own && fingerprintOfPem(own);
  if (own && fingerprint) keys.set(fingerprint, own);
}

async function readGiven(given: string, index: number): Promise<string> {
  if (given.trimStart().startsWith('-----BEGIN')) return given;
  return readFile(resolve(given), 'utf8').catch((cause: unknown) => {
    throw notAKey(index, messageOf(cause), cause);
  });
}

/** The public half of a private key that may be there. One that is damaged matters to whoever signs, not to whoever reads. */
async function readOwn(file: string): Promise<string | undefined> {
  try {
    const key = await readFile(file);
    return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  } catch (error) {
    if (codeOf(error) === 'EACCES' || codeOf(error) === 'ENOENT' || codeOf(error).startsWith('ERR_')) return undefined;
    throw error;
  }
}

function notAKey(index: number, why: string, cause?: unknown): AlprError {
  const message = `Expected models.registry.trusted_keys.${index} to be a public key (PEM) as alpr models key shows it, or a file with one: ${why}`;
  return new AlprError('CONFIG_INVALID', message, { cause });
}

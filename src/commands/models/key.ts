import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../../app/config.ts';
import { AlprError } from '../../base/errors.ts';
import { openSigningKeyFile, type SigningKey } from '../../identity/signing-key.ts';

/** Shows the public half of the key that signs versions, after making both if there is none. */
export async function showKey(config: Config): Promise<void> {
  const file = placeOfKey(config);
  const { publicKeyPem, fingerprint } = await openSigningKeyFile(file);
  process.stdout.write(publicKeyPem);
  // The key alone goes into a file.
  process.stderr.write(`\nfingerprint  ${fingerprint}\nprivate key  ${file}\n`);
  process.stderr.write(
    'Add the public key to models.registry.trusted_keys on every machine that should run what it signs.\n',
  );
}

/** The key that signs; INPUT_INVALID if there is none yet. */
export async function openExistingKey(config: Config): Promise<SigningKey> {
  const file = placeOfKey(config);
  await stat(file).catch((cause: unknown) => {
    const message = `Expected a signing key in ${file}. Make one with alpr models key, or set models.registry.signing_key.`;
    throw new AlprError('INPUT_INVALID', message, { cause });
  });
  return openSigningKeyFile(file);
}

function placeOfKey(config: Config): string {
  return resolve(config.data, config.models.registry.signing_key);
}

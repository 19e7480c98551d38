import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { join } from 'node:path';
import { AlprError, messageOf } from '../base/errors.ts';
import { openSecretFile } from '../base/secret-file.ts';

/** Signs what leaves this installation, with Ed25519 (RFC 8032). */
export type SigningKey = Readonly<{
  sign(content: Uint8Array): Buffer;
  publicKeyPem: string;
  /** SHA-256 of the public key (DER, SPKI) in hex: what people compare. */
  fingerprint: string;
}>;

const FILE = 'signing-key.pem';

/** The key of a data folder, made when it is first asked for; see {@link openSigningKeyFile}. */
export async function openSigningKey(folder: string): Promise<SigningKey> {
  return openSigningKeyFile(join(folder, FILE));
}

/**
 * The key in a file, made when it is missing: one key, also when several processes ask at once. CONFIG_INVALID when others than
 * its owner may read it, or it is no Ed25519 key.
 */
export async function openSigningKeyFile(file: string): Promise<SigningKey> {
  const key = parseKey(file, (await openSecretFile(file, makeKey)).toString());
  const publicKey = createPublicKey(key);
  return {
    sign: (content) => sign(null, content, key),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: fingerprintOf(publicKey),
  };
}

/** Whether whoever has the private key of `publicKeyPem` signed exactly these bytes. False for a key that is none. */
export function verifySignature(
  content: Uint8Array,
  { signature, publicKeyPem }: Readonly<{ signature: Uint8Array; publicKeyPem: string }>,
): boolean {
  const key = parsePublicKey(publicKeyPem);
  return key !== undefined && verify(null, content, key, signature);
}

/** SHA-256 of a public key (PEM) in hex, as `SigningKey.fingerprint` has it; undefined when it is no Ed25519 key. */
export function fingerprintOfPem(publicKeyPem: string): string | undefined {
  const key = parsePublicKey(publicKeyPem);
  return key && fingerprintOf(key);
}

function fingerprintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/**
 * Whether `given` is this fingerprint or how it begins; at least 12 digits, because somebody can make a key for fewer.
 * INPUT_INVALID for anything else.
 */
export function matchesFingerprint(fingerprint: string, given: string): boolean {
  if (!/^[0-9a-f]{12,64}$/i.test(given)) {
    throw new AlprError(
      'INPUT_INVALID',
      `Expected a fingerprint, or at least its first 12 hexadecimal digits, got "${given}"`,
    );
  }
  return fingerprint.startsWith(given.toLowerCase());
}

function makeKey(): Buffer {
  const { privateKey } = generateKeyPairSync('ed25519');
  return Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

function parseKey(file: string, pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw new AlprError('CONFIG_INVALID', `Expected a private key (PEM) in ${file}: ${messageOf(cause)}`, { cause });
  }
  throw new AlprError('CONFIG_INVALID', `Expected an Ed25519 key in ${file}; remove it to get a new one`);
}

function parsePublicKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.type === 'public' && key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprintOfPem, type SigningKey } from '../../../src/identity/signing-key.ts';
import { signFolder } from '../../../src/models/registry/sign-folder.ts';
import type { TrustedKeys } from '../../../src/models/registry/trusted-keys.ts';

const READER = new URL('../../../models/alpr-read/model.json', import.meta.url);

/** A key pair that lives for a test. */
export function makeKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    sign: (content) => sign(null, content, privateKey),
    publicKeyPem,
    fingerprint: fingerprintOfPem(publicKeyPem) ?? '',
  };
}

/** What a registry trusts. */
export function trust(...keys: readonly SigningKey[]): TrustedKeys {
  return new Map(keys.map(({ fingerprint, publicKeyPem }) => [fingerprint, publicKeyPem]));
}

/** A folder like that of the shipped reader, with weights that are these bytes; it goes when it is disposed. */
export async function makeModel(
  name: string,
  weights: Uint8Array,
): Promise<AsyncDisposable & Readonly<{ folder: string; sha256: string }>> {
  const folder = await mkdtemp(join(tmpdir(), 'alpr-made-'));
  const sha256 = createHash('sha256').update(weights).digest('hex');
  const manifest = JSON.parse(await readFile(READER, 'utf8'));
  await mkdir(join(folder, 'golden'));
  await writeFile(join(folder, 'golden', 'output.json'), '{}\n');
  await writeFile(join(folder, 'model.onnx'), weights);
  await writeFile(
    join(folder, 'model.json'),
    JSON.stringify({ ...manifest, name, version: '0.6.0', sha256, bytes: weights.length }),
  );
  return { folder, sha256, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** The same, signed. */
export async function makeSigned(
  name: string,
  weights: Uint8Array,
  key: SigningKey,
): Promise<AsyncDisposable & Readonly<{ folder: string; sha256: string }>> {
  await using model = await makeModel(name, weights);
  const signed = await signFolder(model.folder, key);
  return { ...signed, sha256: model.sha256, [Symbol.asyncDispose]: () => signed[Symbol.asyncDispose]() };
}

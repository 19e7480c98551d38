import { webcrypto } from 'node:crypto';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fingerprintOfPem, openSigningKey, verifySignature } from '../../src/identity/signing-key.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-key-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('what the key signs is verified by its public key, and nothing else is', async () => {
  const key = await openSigningKey(folder);
  const { publicKeyPem } = key;
  const signature = key.sign(Buffer.from('as it was'));
  expect(verifySignature(Buffer.from('as it was'), { signature, publicKeyPem })).toBe(true);
  expect(verifySignature(Buffer.from('as it is!'), { signature, publicKeyPem })).toBe(false);
  expect(verifySignature(Buffer.from('as it was'), { signature: Buffer.alloc(3), publicKeyPem })).toBe(false);
  expect(verifySignature(Buffer.from('as it was'), { signature, publicKeyPem: 'no key' })).toBe(false);
});

test('another implementation of the interface verifies the signature and has the same fingerprint', async () => {
  const key = await openSigningKey(folder);
  const der = Buffer.from(key.publicKeyPem.replaceAll(/-----[A-Z ]+-----|\n/g, ''), 'base64');
  const publicKey = await webcrypto.subtle.importKey('spki', der, 'Ed25519', false, ['verify']);
  const content = Buffer.from('evidence');
  expect(await webcrypto.subtle.verify('Ed25519', publicKey, key.sign(content), content)).toBe(true);
  const digest = Buffer.from(await webcrypto.subtle.digest('SHA-256', der)).toString('hex');
  expect([key.fingerprint, fingerprintOfPem(key.publicKeyPem)]).toEqual([digest, digest]);
});

test('a folder has one key that only its owner may read, whoever opens it first', async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => openSigningKey(folder)));
  expect(new Set(keys.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  expect((await stat(join(folder, 'signing-key.pem'))).mode & 0o777).toBe(0o600);
});

test('a key that others may read is refused', async () => {
  await openSigningKey(folder);
  await chmod(join(folder, 'signing-key.pem'), 0o640);
  await expect(openSigningKey(folder)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

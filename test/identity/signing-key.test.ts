import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
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

test('OpenSSL verifies the signature and has the same fingerprint', async () => {
  const key = await openSigningKey(folder);
  const [content, signature, pem] = ['content', 'signature', 'public.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(content, 'evidence');
  await writeFile(signature, key.sign(Buffer.from('evidence')));
  await writeFile(pem, key.publicKeyPem);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  openssl('pkeyutl', '-verify', '-pubin', '-inkey', pem, '-rawin', '-in', content, '-sigfile', signature);
  const der = openssl('pkey', '-pubin', '-in', pem, '-outform', 'DER');
  await writeFile(content, der);
  expect(openssl('dgst', '-sha256', '-r', content).toString().split(' ')[0]).toBe(key.fingerprint);
  expect(fingerprintOfPem(key.publicKeyPem)).toBe(key.fingerprint);
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

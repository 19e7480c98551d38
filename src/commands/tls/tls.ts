import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { generate } from 'selfsigned';
import type { Config } from '../../app/config.ts';
import { writeDurably } from '../../base/durable-file.ts';
import { AlprError } from '../../base/errors.ts';
import { makeFolder } from '../../base/make-folder.ts';

export type CreateFlags = Readonly<{ days: number; force?: boolean }>;

const DAY_MS = 86_400_000;
const DEFAULT_FILES = { cert: 'tls/cert.pem', key: 'tls/key.pem' };

/** Writes a self-signed certificate and its key to where the configuration expects them, or would. */
export async function createCertificate(config: Config, hosts: readonly string[], flags: CreateFlags): Promise<void> {
  const wrong = hosts.find((host) => isIP(host) === 0 && !/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(host));
  if (wrong !== undefined)
    throw new AlprError('INPUT_INVALID', `Expected a name or an address of this machine, got ${wrong}`);
  const { cert, key } = config.server.tls ?? DEFAULT_FILES;
  const [certFile, keyFile] = [path.resolve(config.data, cert), path.resolve(config.data, key)];
  if (existsSync(keyFile) && !flags.force) {
    throw new AlprError('CONFLICT', `Expected no key in ${keyFile} yet; use --force to replace it`);
  }
  const made = await generate([{ name: 'commonName', value: hosts[0] ?? '' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + flags.days * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) => (isIP(host) > 0 ? { type: 7, ip: host } : { type: 2, value: host })),
      },
    ],
  });
  for (const file of [certFile, keyFile]) await makeFolder(path.dirname(file));
  await writeDurably(keyFile, made.private, 0o600);
  await writeDurably(certFile, made.cert, 0o644);
  print(`Certificate: ${certFile}
Key:         ${keyFile} (for its owner alone)
Fingerprint: ${new X509Certificate(made.cert).fingerprint256} (SHA-256)
Valid until: ${new Date(new X509Certificate(made.cert).validTo).toISOString().slice(0, 10)}

Add this to the configuration, and restart once:
  server:
    host: 0.0.0.0
    tls: {}
    allowed_hosts: [${hosts.filter((host) => isIP(host) === 0).join(', ')}]

No browser knows this certificate. Import it on each device as a trusted one, or compare the fingerprint when the browser warns.`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createCertificate } from './certificate.ts';
import { keepSecret } from './secret.ts';
import type { ServerFolder } from './server.ts';

const USER = 'alpr';

/**
 * `sasl` and `saslTls` take PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512 with the same user; `tls` wants no password. `ca` is the
 * PEM of the certificate to trust, valid for 127.0.0.1 and localhost; `caFile` holds the same.
 */
export type SecureKafka = Readonly<{
  username: string;
  password: string;
  sasl: readonly string[];
  tls: readonly string[];
  saslTls: readonly string[];
  ca: string;
  caFile: string;
}>;

type Security = Readonly<{ address: SecureKafka; settings: Readonly<Record<string, string>> }>;

/** A user and a certificate for this folder alone, kept in it. */
export async function createSecurity(options: {
  folder: ServerFolder;
  sasl: number;
  saslTls: number;
  tls: number;
}): Promise<Security> {
  const { folder, sasl, saslTls, tls } = options;
  const password = await keepSecret(path.join(folder.path, 'password'));
  const keyFile = path.join(folder.path, 'server.pem');
  const caFile = path.join(folder.path, 'ca.pem');
  if (!existsSync(caFile)) {
    const { key, cert } = await createCertificate('127.0.0.1', 'localhost');
    await writeFile(keyFile, key + cert, { mode: 0o600 });
    await writeFile(caFile, cert);
  }
  const address = (port: number) => [`127.0.0.1:${port}`];
  return {
    address: {
      username: USER,
      password,
      sasl: address(sasl),
      tls: address(tls),
      saslTls: address(saslTls),
      ca: await readFile(caFile, 'utf8'),
      caFile,
    },
    settings: {
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      ...loginModules('saslp', password),
      ...loginModules('sasls', password),
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': keyFile,
      'ssl.client.auth': 'none',
    },
  };
}

function loginModules(listener: string, password: string): Record<string, string> {
  const prefix = `listener.name.${listener}`;
  const module = 'org.apache.kafka.common.security';
  return {
    [`${prefix}.plain.sasl.jaas.config`]: `${module}.plain.PlainLoginModule required user_${USER}="${password}";`,
    [`${prefix}.scram-sha-256.sasl.jaas.config`]: `${module}.scram.ScramLoginModule required;`,
    [`${prefix}.scram-sha-512.sasl.jaas.config`]: `${module}.scram.ScramLoginModule required;`,
  };
}

import { readFile } from 'node:fs/promises';
import { AlprError } from '../base/errors.ts';
import type { TlsConfig } from './config.ts';

/** The options that Node’s TLS takes. */
export type TlsOptions = Readonly<{ ca?: Buffer; cert?: Buffer; key?: Buffer; rejectUnauthorized: boolean }>;

/** Reads the files of a TLS configuration; CONFIG_INVALID names one that cannot be read. */
export async function readTlsOptions(config: TlsConfig): Promise<TlsOptions> {
  const [ca, cert, key] = await Promise.all(
    [config.ca_file, config.certificate_file, config.key_file].map((file) => file && readPem(file)),
  );
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), rejectUnauthorized: config.verify };
}

async function readPem(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new AlprError('CONFIG_INVALID', `Expected a readable PEM file for TLS at ${file}`, { cause });
  }
}

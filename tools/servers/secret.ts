import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';

/** A secret made on first use and kept in a file for its owner alone. */
export async function keepSecret(file: string): Promise<string> {
  if (existsSync(file)) return readFile(file, 'utf8');
  const secret = randomBytes(24).toString('hex');
  await writeFile(file, secret, { mode: 0o600, flag: 'wx' });
  return secret;
}

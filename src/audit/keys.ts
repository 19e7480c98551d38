import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeDurably } from '../base/durable-file.ts';
import { AlprError } from '../base/errors.ts';
import { openSigningKey, type SigningKey } from '../identity/signing-key.ts';
import { PlateCipher } from './plate-cipher.ts';

const FILE = 'audit-plates.key';
const KEY = /^[0-9a-f]{64}\s*$/;

/** What the audit signs with, and what it encrypts plates with. */
export type AuditKeys = Readonly<{ signing: SigningKey; plates: PlateCipher }>;

/** The keys of a folder, made where they are missing. CONFIG_INVALID when others than its owner may read them. */
export async function openAuditKeys(folder: string): Promise<AuditKeys> {
  const signing = await openSigningKey(folder);
  const file = join(folder, FILE);
  const text = (await readKey(file)) ?? (await createKey(folder, file));
  if (!KEY.test(text)) {
    throw new AlprError('CONFIG_INVALID', `Expected 64 hexadecimal digits in ${file}; bring it back from a backup`);
  }
  return { signing, plates: new PlateCipher(Buffer.from(text.trim(), 'hex')) };
}

async function readKey(file: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new AlprError(
        'CONFIG_INVALID',
        `Expected ${file} to be readable by its owner alone; run chmod 600 ${file}`,
      );
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The link fails where another process was first: then its key is the key. */
async function createKey(folder: string, file: string): Promise<string> {
  const part = `${file}.${randomUUID()}.part`;
  const key = `${randomBytes(32).toString('hex')}\n`;
  try {
    await writeDurably(part, key, 0o600);
    await link(part, file);
    await syncFolder(folder);
    return key;
  } catch (error) {
    const existing = await readKey(file);
    if (existing === undefined) throw error;
    return existing;
  } finally {
    await rm(part, { force: true });
  }
}

import { join } from 'node:path';
import { openKeyFile } from '../identity/key-file.ts';
import { openSigningKey, type SigningKey } from '../identity/signing-key.ts';
import { PlateCipher } from './plate-cipher.ts';

/** What the audit signs with, and what it encrypts plates with. */
export type AuditKeys = Readonly<{ signing: SigningKey; plates: PlateCipher }>;

/** The keys of a folder, made where they are missing. CONFIG_INVALID when others than its owner may read them. */
export async function openAuditKeys(folder: string): Promise<AuditKeys> {
  const signing = await openSigningKey(folder);
  return { signing, plates: new PlateCipher(await openKeyFile(join(folder, 'audit-plates.key'))) };
}

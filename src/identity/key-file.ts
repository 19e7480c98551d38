import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { AlprError } from '../base/errors.ts';
import { openSecretFile } from '../base/secret-file.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What the key file is good for: secrets in the database, and marks that only this installation can have made. */
export type KeyFile = Readonly<{
  /** Tells key files apart, and nothing of the key. */
  id: string;
  /** Encrypts with AES-256-GCM. */
  seal(content: Uint8Array): Buffer;
  /** CONFIG_INVALID for what another key has sealed. */
  unseal(sealed: Uint8Array): Buffer;
  /** HMAC-SHA-256. */
  mark(content: string): Buffer;
}>;

/** Opens the key, and makes it when it is missing: one key, also when several processes ask at once. */
export async function openKeyFile(file: string): Promise<KeyFile> {
  const key = await openSecretFile(file, () => randomBytes(KEY_BYTES));
  if (key.length !== KEY_BYTES) {
    throw new AlprError('CONFIG_INVALID', `Expected ${KEY_BYTES} bytes in ${file}; put it back from your backup`);
  }
  const [sealing, marking] = ['seal', 'mark'].map((use) => Buffer.from(hkdfSync('sha256', key, '', use, KEY_BYTES)));
  if (!sealing || !marking) throw new Error('expected two keys');
  return {
    id: createHash('sha256').update(sealing).digest('hex').slice(0, 16),
    seal(content) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce);
      return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
    },
    unseal(sealed) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', sealing, sealed.subarray(0, NONCE_BYTES));
        decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
        return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      } catch (cause) {
        throw new AlprError(
          'CONFIG_INVALID',
          `Expected the key in ${file} to open what it sealed; put the file back that was there before (accounts.key_file)`,
          { cause },
        );
      }
    },
    mark: (content) => createHmac('sha256', marking).update(content).digest(),
  };
}

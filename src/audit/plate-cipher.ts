import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { spellPlate } from '../contract/plate-text.ts';
import type { KeyFile } from '../identity/key-file.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEPARATORS = /[^\p{L}\p{N}?*]/gu;

/** The key of one plate; `id` stands in the entries. */
export type PlateKey = Readonly<{ id: string; key: Buffer }>;

/**
 * Encrypts plates with AES-256-GCM, each with a random key of its own. These keys are kept sealed by the master key, under a keyed
 * hash of their plate: who reads the database alone learns no plate, and a destroyed key makes its plate unreadable.
 */
export class PlateCipher {
  readonly #master: KeyFile;
  /** Tells master keys apart and gives nothing of them away. */
  readonly fingerprint: string;

  constructor(master: KeyFile) {
    this.#master = master;
    this.fingerprint = master.id;
  }

  /** The same for each way to write a plate: case, spaces and dashes do not matter, `?` and `*` do. */
  hashPlate(plate: string): Buffer {
    return this.#master.mark(`plate ${spellAsked(plate)}`);
  }

  /** A random key, and the same wrapped together with its id, so that none can be put in another's place. */
  createKey(id: string): Readonly<{ key: PlateKey; wrapped: Buffer }> {
    const key = randomBytes(KEY_BYTES);
    return { key: { id, key }, wrapped: this.#master.seal(Buffer.concat([key, Buffer.from(id)])) };
  }

  unwrap(id: string, wrapped: Uint8Array): PlateKey {
    const content = this.#master.unseal(wrapped);
    if (content.toString('utf8', KEY_BYTES) !== id) throw new Error(`expected the key ${id}, got another`);
    return { id, key: content.subarray(0, KEY_BYTES) };
  }
}

/** A plate encrypted, in base64: nonce, what was encrypted, tag. */
export function sealPlate(plate: string, { id, key }: PlateKey): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(id));
  return Buffer.concat([nonce, cipher.update(spellAsked(plate)), cipher.final(), cipher.getAuthTag()]).toString(
    'base64',
  );
}

/** The plate that `sealPlate` encrypted; throws when key or text is another. */
export function openPlate(base64: string, { id, key }: PlateKey): string {
  const sealed = Buffer.from(base64, 'base64');
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(id)).setAuthTag(sealed.subarray(-TAG_BYTES));
  return decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}

/** A plate or a pattern as it was asked for, without separators. */
function spellAsked(text: string): string {
  return spellPlate(text).replace(SEPARATORS, '');
}

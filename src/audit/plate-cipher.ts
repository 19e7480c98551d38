import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { spellPlate } from '../contract/plate-text.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEPARATORS = /[^\p{L}\p{N}?*]/gu;

/** The key of one plate; `id` stands in the entries. */
export type PlateKey = Readonly<{ id: string; key: Buffer }>;

/**
 * Encrypts plates with AES-256-GCM, each with a random key of its own. These keys are kept wrapped by the master key, under a
 * keyed hash of their plate: who reads the database alone learns no plate, and a destroyed key makes its plate unreadable.
 */
export class PlateCipher {
  readonly #wrapping: Buffer;
  readonly #hashing: Buffer;
  /** Tells master keys apart and gives nothing of them away. */
  readonly fingerprint: string;

  constructor(master: Uint8Array) {
    const derive = (use: string) => Buffer.from(hkdfSync('sha256', master, '', `ovr-alpr audit ${use}`, KEY_BYTES));
    this.#wrapping = derive('wrap');
    this.#hashing = derive('hash');
    this.fingerprint = derive('fingerprint').toString('hex');
  }

  /** The same for each way to write a plate: case, spaces and dashes do not matter, `?` and `*` do. */
  hashPlate(plate: string): Buffer {
    return createHmac('sha256', this.#hashing).update(spellAsked(plate)).digest();
  }

  /** A random key, and the same wrapped. */
  createKey(id: string): Readonly<{ key: PlateKey; wrapped: Buffer }> {
    const key = randomBytes(KEY_BYTES);
    return { key: { id, key }, wrapped: encrypt(key, this.#wrapping, id) };
  }

  unwrap(id: string, wrapped: Uint8Array): PlateKey {
    return { id, key: decrypt(wrapped, this.#wrapping, id) };
  }
}

/** A plate encrypted, in base64. */
export function sealPlate(plate: string, { id, key }: PlateKey): string {
  return encrypt(Buffer.from(spellAsked(plate)), key, id).toString('base64');
}

/** The plate that `sealPlate` encrypted; throws when key or text is another. */
export function openPlate(sealed: string, { id, key }: PlateKey): string {
  return decrypt(Buffer.from(sealed, 'base64'), key, id).toString('utf8');
}

/** A plate or a pattern as it was asked for, without separators. */
function spellAsked(text: string): string {
  return spellPlate(text).replace(SEPARATORS, '');
}

/** Nonce, what was encrypted, tag. The id is bound to it, so that none can be put in another's place. */
function encrypt(plain: Uint8Array, key: Uint8Array, id: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(id));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(sealed: Uint8Array, key: Uint8Array, id: string): Buffer {
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(id)).setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}

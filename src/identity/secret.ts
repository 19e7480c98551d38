import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits as text: a cookie, a link, a refresh token. It is told once, and only its hash is kept. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256, which is enough for secrets that nobody can guess. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyFile } from '../../identity/key-file.ts';

/** How long a browser is remembered as one that an account has signed in with. */
export const DEVICE_DAYS = 180;

const DAY_MS = 86_400_000;

/** A mark for a browser: only this installation can have made it, and it lets nobody in. */
export function markDevice({ mark }: KeyFile, account: string): string {
  const content = `${account}.${Date.now() + DEVICE_DAYS * DAY_MS}.${randomBytes(9).toString('base64url')}`;
  return `${content}.${mark(content).toString('base64url')}`;
}

/** Whether a browser has the mark of this account. */
export function isKnownDevice({ mark }: KeyFile, account: string, cookie: string | undefined): boolean {
  const [owner, until, nonce, given = ''] = cookie?.split('.') ?? [];
  const expected = mark(`${owner}.${until}.${nonce}`);
  const found = Buffer.from(given, 'base64url');
  const isOurs = found.length === expected.length && timingSafeEqual(found, expected);
  return isOurs && owner === account && Number(until) > Date.now();
}

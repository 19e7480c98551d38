import { AlprError } from '../base/errors.ts';

const MAX_KEY = 512;
const SEGMENT = /^[a-z0-9_-][a-z0-9._-]{0,127}$/;

/** Refuses a key that is not a plain relative path with IMAGE_KEY_INVALID; hidden names and `..` are not allowed. */
export function checkImageKey(key: string): void {
  if (isImageKey(key)) return;
  throw new AlprError(
    'IMAGE_KEY_INVALID',
    `Expected an image key of at most ${MAX_KEY} lower-case letters, digits, "-", "_", "." and "/", got ${JSON.stringify(key.slice(0, 80))}`,
  );
}

/** Whether a picture may be kept under this path. */
export function isImageKey(key: string): boolean {
  return key.length > 0 && key.length <= MAX_KEY && key.split('/').every((segment) => SEGMENT.test(segment));
}

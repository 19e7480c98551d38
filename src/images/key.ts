import { AlprError } from '../base/errors.ts';
import { isImageKey, MAX_IMAGE_KEY } from '../contract/image-key.ts';

/** Refuses a key that is not a plain relative path with IMAGE_KEY_INVALID; hidden names and `..` are not allowed. */
export function checkImageKey(key: string): void {
  if (isImageKey(key)) return;
  throw new AlprError(
    'IMAGE_KEY_INVALID',
    `Expected an image key of at most ${MAX_IMAGE_KEY} lower-case letters, digits, "-", "_", "." and "/", got ${JSON.stringify(key.slice(0, 80))}`,
  );
}

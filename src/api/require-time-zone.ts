import { AlprError } from '../base/errors.ts';

/** INPUT_INVALID unless a time zone has this name. */
export function requireTimeZone(name: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch (cause) {
    throw new AlprError('INPUT_INVALID', `Expected a time zone such as Europe/Berlin, got ${name}`, { cause });
  }
}

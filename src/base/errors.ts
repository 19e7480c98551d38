/** The one error of this system and the table of its codes. */
export { AlprError, ERROR_CODES, type ErrorCode } from '../vision/errors.ts';

/** What a caught value says: the message of an Error, anything else as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

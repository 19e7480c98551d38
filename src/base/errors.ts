/** The one error of this system and the table of its codes. */
export { AlprError, ERROR_CODES, type ErrorCode } from '../vision/errors.ts';

/** What a caught value says: the message of an Error, anything else as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of an error or of the first of several, such as those of all addresses of a host. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return 'code' in error ? String(error.code) : '';
}

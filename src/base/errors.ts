/** The one error of this system and the table of its codes. */
export { AlprError, ERROR_CODES, type ErrorCode } from '../vision/errors.ts';

import { AlprError } from '../base/errors.ts';
import { createProgram } from './program.ts';

/** Runs the command that the arguments name. What the user can mend comes back as a sentence, without a stack. */
export async function runProgram(args: readonly string[]): Promise<string | undefined> {
  try {
    await createProgram().parseAsync([...args], { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof AlprError) return error.message;
    if (isSystemFault(error) && error.path !== undefined)
      return `Expected to be able to use ${error.path}; ${error.message}`;
    throw error;
  }
}

/** An error that Node made of one of the system. */
export function isSystemFault(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

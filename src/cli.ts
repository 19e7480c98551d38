import { AlprError } from './base/errors.ts';
import { createProgram } from './commands/program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  if (!isKnownFault(error)) throw error;
  process.stderr.write(`alpr: ${error.message}\n`);
  process.exit(1);
}

/** Faults with a code are the user's to mend: a sentence, no stack. */
function isKnownFault(error: unknown): error is Error {
  return error instanceof AlprError || (error instanceof Error && error.name === 'VisionError');
}

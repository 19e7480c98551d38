import { AlprError } from './base/errors.ts';
import { createProgram } from './commands/program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  // A fault with a code is the user's to mend: a sentence, no stack.
  if (!(error instanceof AlprError)) throw error;
  process.stderr.write(`alpr: ${error.message}\n`);
  process.exit(1);
}

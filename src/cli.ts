import { AlprError } from './base/errors.ts';
import { createProgram } from './commands/program.ts';

for (const stream of [process.stdout, process.stderr]) {
  stream.once('error', (error) => {
    stream.on('error', () => {});
    if (!isSystemFault(error) || error.code !== 'EPIPE') throw error;
    // Nobody reads us any more: services stop in good order, everything else has nothing left to do.
    if (!process.emit('SIGTERM')) process.exit(0);
  });
}

try {
  await createProgram().parseAsync();
} catch (error) {
  // What the user can mend is a sentence, without a stack.
  if (error instanceof AlprError) end(error.message);
  if (isSystemFault(error) && error.path !== undefined)
    end(`Expected to be able to use ${error.path}; ${error.message}`);
  throw error;
}

function end(sentence: string): never {
  process.stderr.write(`alpr: ${sentence}\n`);
  process.exit(1);
}

function isSystemFault(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

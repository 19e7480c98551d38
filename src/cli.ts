import { isSystemFault, runProgram } from './commands/run-program.ts';

for (const stream of [process.stdout, process.stderr]) {
  stream.once('error', (error) => {
    stream.on('error', () => {});
    if (!isSystemFault(error) || error.code !== 'EPIPE') throw error;
    // Nobody reads us any more: services stop in good order, everything else has nothing left to do.
    if (!process.emit('SIGTERM')) process.exit(0);
  });
}

const fault = await runProgram(process.argv.slice(2));
if (fault !== undefined) {
  process.stderr.write(`alpr: ${fault}\n`);
  process.exit(1);
}

import { parseArgs } from 'node:util';
import { soakKill } from './soak/kill.ts';
import { soakMemory } from './soak/memory.ts';

const HELP = `npm run soak -- kill   [--passages 1000] [--rounds 10] [--seed 1]   kill -9 at random moments; nothing may be lost
npm run soak -- memory [--minutes 30]                                 four simulated cameras; memory may not grow`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    passages: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '30' },
    help: { type: 'boolean', default: false },
  },
});

const [kind = 'kill'] = positionals;
if (values.help || !['kill', 'memory'].includes(kind)) {
  console.log(HELP);
} else {
  const passed =
    kind === 'kill'
      ? await soakKill({
          passages: Number(values.passages),
          rounds: Number(values.rounds),
          seed: Number(values.seed),
        })
      : await soakMemory({ minutes: Number(values.minutes) });
  console.log(passed ? 'PASSED' : 'FAILED');
  process.exitCode = passed ? 0 : 1;
}

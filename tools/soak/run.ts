import { parseArgs } from 'node:util';
import { soakAlerts } from './alerts.ts';
import { soakAudit } from './audit.ts';
import { soakCompose } from './compose.ts';
import { soakKill } from './kill.ts';
import { soakMemory } from './memory.ts';
import { soakSpool } from './spool.ts';
import { soakStack } from './stack.ts';

const HELP = `npm run soak -- [--events 100000] [--rounds 12] [--seed 1] [--away 60]
                                   eight edges, all services and real servers, each killed (-9) and stopped for so many
                                   seconds; try it first with --events 4000 --rounds 10 --away 4
npm run soak -- compose [--minutes 30] [--events 20000] [--seed 1]   kill -9 of any container of the composition, at random
npm run soak -- kill   [--passages 1000] [--rounds 10] [--seed 1]   kill -9 of alpr start; nothing may be lost
npm run soak -- spool  [--files 100000] [--seed 1]                  damaged files of the edge's spool
npm run soak -- audit  [--searches 10000] [--rounds 6]               kill -9 of the API amid searches; the audit has all
npm run soak -- alerts [--passages 100000] [--rules 1000] [--rounds 20]  kill -9 amid alerts; none is lost or doubled
npm run soak -- memory [--minutes 30]                               four simulated cameras; memory may not grow`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: 'string', default: '100000' },
    away: { type: 'string', default: '60' },
    files: { type: 'string', default: '100000' },
    passages: { type: 'string' },
    rules: { type: 'string', default: '1000' },
    rounds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    searches: { type: 'string', default: '10000' },
    minutes: { type: 'string', default: '30' },
    help: { type: 'boolean', default: false },
  },
});

const seed = Number(values.seed);
const rounds = (usual: number) => Number(values.rounds ?? usual);
const KINDS: Readonly<Record<string, () => Promise<boolean>>> = {
  stack: () => soakStack({ events: Number(values.events), rounds: rounds(12), seed, awaySeconds: Number(values.away) }),
  compose: () => soakCompose({ events: Number(values.events), minutes: Number(values.minutes), seed }),
  kill: () => soakKill({ passages: Number(values.passages ?? 1000), rounds: rounds(10), seed }),
  spool: () => soakSpool({ files: Number(values.files), seed }),
  audit: () => soakAudit({ searches: Number(values.searches), kills: rounds(6) }),
  alerts: () =>
    soakAlerts({ passages: Number(values.passages ?? 100_000), rules: Number(values.rules), kills: rounds(20), seed }),
  memory: () => soakMemory({ minutes: Number(values.minutes) }),
};

const run = KINDS[positionals[0] ?? 'stack'];
if (values.help || !run) {
  console.log(HELP);
  process.exitCode = values.help ? 0 : 1;
} else {
  const passed = await run();
  console.log(passed ? 'PASSED' : 'FAILED');
  process.exitCode = passed ? 0 : 1;
}

import { parseArgs } from 'node:util';
import { askAs, type Counts, ensureSchemathesis } from './schemathesis.ts';
import { type Caller, openStage } from './stage.ts';

const HELP = `npm run fuzz -- [--requests 10000] [--seed 1]
Starts the system with two cameras, and has Schemathesis ask every operation of its description as each role, and as somebody who may
see one camera: no answer may be a 5xx, differ from the description, or show what lies elsewhere.`;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else process.exitCode = (await fuzz(Number(values.requests), Number(values.seed))) ? 0 : 1;

/** Whether every answer was as it should be. */
async function fuzz(requests: number, seed: number): Promise<boolean> {
  const program = await ensureSchemathesis();
  await using stage = await openStage();
  let isWell = true;
  for (const caller of stage.callers) {
    const counts = await askEnough({
      program,
      url: stage.url,
      caller,
      seed,
      requests: requests / stage.callers.length,
    });
    isWell &&= counts.isWell;
    console.log(`${caller.name}: ${counts.requests} requests, ${JSON.stringify(counts.statuses)}`);
  }
  const faults = await stage.listFaults();
  for (const line of faults) console.log(line);
  return isWell && faults.length === 0;
}

type Asking = Readonly<{ program: string; url: string; caller: Caller; seed: number; requests: number }>;

/** Asks again with another seed until it was asked often enough. */
async function askEnough({ requests, seed, ...asking }: Asking): Promise<Counts> {
  let all: Counts = { requests: 0, statuses: {}, isWell: true };
  for (let round = 0; all.requests < requests; round += 1) {
    const { statuses, ...some } = await askAs({ ...asking, seed: seed + round });
    const sums = Object.entries(statuses).map(([status, count]) => [status, count + (all.statuses[status] ?? 0)]);
    all = {
      requests: all.requests + some.requests,
      statuses: { ...all.statuses, ...Object.fromEntries(sums) },
      isWell: all.isWell && some.isWell,
    };
    if (some.requests === 0) throw new Error(`expected requests as ${asking.caller.name}`);
  }
  return all;
}

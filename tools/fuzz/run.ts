import { parseArgs } from 'node:util';
import { askEverybody, type Counts, ensureSchemathesis } from './schemathesis.ts';
import { openStage } from './stage.ts';

const HELP = `npm run fuzz -- [--requests 10000] [--seed 1]
Starts the system with cameras and events of two sites, and has Schemathesis ask every operation of its description. Each request goes to it as
each role, as two people who may see a part, and as nobody, so many times as each: no answer may be a 5xx, differ from the description, or show
what lies elsewhere.`;

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
  const all: Record<string, Counts> = {};
  let isWell = true;
  const started = performance.now();
  for (let round = 0; Object.keys(all).length === 0 || least(all) < requests; round += 1) {
    const before = least(all);
    const { counts, ...some } = await askEverybody(program, stage, seed + round);
    for (const [name, one] of Object.entries(counts)) all[name] = add(all[name], one);
    isWell &&= some.isWell;
    if (least(all) === before) throw new Error('expected requests of every caller');
  }
  for (const [name, { statuses, reached }] of Object.entries(all)) {
    console.log(
      `${name}: ${count(statuses)} requests, ${reached.length} operations gave something, ${JSON.stringify(statuses)}`,
    );
  }
  console.log(`in ${((performance.now() - started) / 1000).toFixed()} s`);
  const faults = await stage.listFaults();
  for (const line of faults) console.log(line);
  return isWell && faults.length === 0;
}

function least(all: Readonly<Record<string, Counts>>): number {
  const sums = Object.values(all).map(({ statuses }) => count(statuses));
  return sums.length === 0 ? 0 : Math.min(...sums);
}

function count(statuses: Counts['statuses']): number {
  return Object.values(statuses).reduce((sum, one) => sum + one, 0);
}

function add(one: Counts = { statuses: {}, reached: [] }, other: Counts): Counts {
  const keys = new Set([...Object.keys(one.statuses), ...Object.keys(other.statuses)]);
  const sums = [...keys].toSorted().map((key) => [key, (one.statuses[key] ?? 0) + (other.statuses[key] ?? 0)]);
  return { statuses: Object.fromEntries(sums), reached: [...new Set([...one.reached, ...other.reached])] };
}

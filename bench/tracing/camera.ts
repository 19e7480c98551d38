import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { printRows, type Row } from '../row.ts';
import { describeCosts, openReceiver, WAYS } from './ways.ts';

const SCRIPT = fileURLToPath(new URL('./camera-once.ts', import.meta.url));
const TURNS = 8;

/** Processor seconds of an edge whose simulated camera plays as fast as its frames are processed: in turn, forwards and backwards. */
export async function run(): Promise<readonly Row[]> {
  await using receiver = await openReceiver();
  const figures = WAYS.map((): number[] => []);
  for (let turn = 0; turn < TURNS; turn += 1) {
    const order = [...WAYS.entries()];
    for (const [at, { share, most }] of turn % 2 === 0 ? order : order.reverse()) {
      const given = { share, most, endpoint: receiver.endpoint };
      const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, JSON.stringify(given)]);
      figures[at]?.push(Number(stdout));
    }
  }
  return describeCosts('a camera’s passages, frame → spool → bus', 's of processor time', figures);
}

if (import.meta.main) printRows(await run());

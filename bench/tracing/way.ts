import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startPostgres } from '../../tools/servers/postgres.ts';
import { printRows, type Row } from '../row.ts';
import { describeCosts, openReceiver, WAYS } from './ways.ts';

const SCRIPT = fileURLToPath(new URL('./way-once.ts', import.meta.url));
const TURNS = 40;

/** Processor time of an event from the edge's spool over the bus of one process into the database. */
export async function run(): Promise<readonly Row[]> {
  await using receiver = await openReceiver();
  await using postgres = await startPostgres({});
  const given = { server: postgres.url, endpoint: receiver.endpoint, turns: TURNS, ways: WAYS };
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', SCRIPT, JSON.stringify(given)]);
  return describeCosts('spool → bus → row', 'µs of processor time', JSON.parse(stdout));
}

if (import.meta.main) printRows(await run());

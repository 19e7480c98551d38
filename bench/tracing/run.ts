import { printRows, type Row } from '../row.ts';
import { run as runCalls } from './calls.ts';
import { run as runCamera } from './camera.ts';
import { run as runWay } from './way.ts';

/** What traces cost: the same work without them, with a tenth of all passages, and with all. It takes some minutes. */
export async function run(): Promise<readonly Row[]> {
  return [...(await runCalls()), ...(await runWay()), ...(await runCamera())];
}

if (import.meta.main) printRows(await run());

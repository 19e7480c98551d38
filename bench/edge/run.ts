import { printRows, type Row } from '../row.ts';
import { run as runCamera } from './camera.ts';
import { run as runSpool } from './spool.ts';

/** The edge: one camera through the whole pipeline, and events through the spool. */
export async function run(): Promise<readonly Row[]> {
  return [...(await runCamera()), ...(await runSpool())];
}

if (import.meta.main) printRows(await run());

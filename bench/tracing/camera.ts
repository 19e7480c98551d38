import { fileURLToPath } from 'node:url';
import { printRows, type Row } from '../row.ts';
import { compare } from './variants.ts';

/** Processor seconds of an edge whose simulated camera plays as fast as its frames are processed. */
export async function run(): Promise<readonly Row[]> {
  return await compare({
    what: 'a camera’s passages, frame → spool → bus',
    unit: 's of processor time',
    script: fileURLToPath(new URL('./camera-once.ts', import.meta.url)),
    args: [],
  });
}

if (import.meta.main) printRows(await run());

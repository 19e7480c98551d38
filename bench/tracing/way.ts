import { fileURLToPath } from 'node:url';
import { startPostgres } from '../../tools/servers/postgres.ts';
import { printRows, type Row } from '../row.ts';
import { compare } from './variants.ts';

/**
 * Processor time of an event from the edge's spool over the bus of one process to the database, without that of PostgreSQL: how many
 * events a second go this way depends on what else the machine does.
 */
export async function run(): Promise<readonly Row[]> {
  await using postgres = await startPostgres({});
  return await compare({
    what: 'spool → bus → row',
    unit: 'µs of processor time',
    script: fileURLToPath(new URL('./way-once.ts', import.meta.url)),
    args: [postgres.url],
  });
}

if (import.meta.main) printRows(await run());

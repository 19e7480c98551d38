import { fileURLToPath } from 'node:url';
import { startPostgres } from '../../tools/servers/postgres.ts';
import { printRows, type Row } from '../row.ts';
import { compare } from './variants.ts';

/** Events a second from the edge's spool over the bus of one process into the database. */
export async function run(): Promise<readonly Row[]> {
  await using postgres = await startPostgres({});
  return await compare({
    what: 'spool → bus → row',
    unit: 'events/s',
    script: fileURLToPath(new URL('./way-once.ts', import.meta.url)),
    args: [postgres.url],
    rounds: 5,
  });
}

if (import.meta.main) printRows(await run());

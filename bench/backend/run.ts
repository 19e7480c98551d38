import { printRows, type Row } from '../row.ts';
import { run as runApi } from './api.ts';
import { run as runAudit } from './audit.ts';
import { run as runAvro } from './avro.ts';
import { run as runGuarded } from './guarded.ts';
import { run as runIngest } from './ingest.ts';
import { run as runKafka } from './kafka.ts';
import { run as runRead } from './read.ts';
import { run as runSearch } from './search.ts';

/** The back end: events into the database, out of the API, and found. */
export async function run(): Promise<readonly Row[]> {
  return [
    ...(await runAvro()),
    ...(await runIngest()),
    ...(await runKafka()),
    ...(await runApi()),
    ...(await runGuarded()),
    ...(await runAudit()),
    ...(await runRead()),
    ...(await runSearch()),
  ];
}

if (import.meta.main) printRows(await run());

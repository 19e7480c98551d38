import { printRows, type Row } from '../row.ts';
import { measureBackTest } from './back-test.ts';
import { measureGate } from './gate.ts';
import { measureHandOver } from './hand-over.ts';
import { measureImport } from './import-list.ts';
import { measureLookup } from './lookup.ts';
import { measureMatching } from './match.ts';

/** Alerts: events held against rules and lists, and rules tried on the past. */
export async function run(reads = 1_000_000): Promise<readonly Row[]> {
  return [
    ...measureMatching(),
    ...(await measureLookup()),
    ...(await measureImport()),
    ...(await measureHandOver()),
    ...(await measureGate()),
    ...(await measureBackTest(reads)),
  ];
}

if (import.meta.main) printRows(await run(Number(process.argv[2] ?? 1_000_000)));

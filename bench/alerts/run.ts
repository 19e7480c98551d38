import { printRows, type Row } from '../row.ts';
import { measureHandOver } from './hand-over.ts';
import { measureLookup } from './lookup.ts';
import { measureMatching } from './match.ts';

/** Alerts: events held against rules and lists. */
export async function run(): Promise<readonly Row[]> {
  return [...measureMatching(), ...(await measureLookup()), ...(await measureHandOver())];
}

if (import.meta.main) printRows(await run());

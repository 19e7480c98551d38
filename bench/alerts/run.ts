import { printRows, type Row } from '../row.ts';
import { measureLookup } from './lookup.ts';
import { measureMatching } from './match.ts';

/** Alerts: events held against rules and lists. */
export async function run(): Promise<readonly Row[]> {
  return [...measureMatching(), ...(await measureLookup())];
}

if (import.meta.main) printRows(await run());

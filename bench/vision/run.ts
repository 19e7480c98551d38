import { printRows, type Row } from '../row.ts';
import { run as runNetworks } from './networks.ts';
import { run as runPreprocess } from './preprocess.ts';
import { run as runRegions } from './regions.ts';
import { run as runTracker } from './tracker.ts';

/** Everything the vision core does, stage by stage. */
export async function run(): Promise<readonly Row[]> {
  return [...(await runPreprocess()), ...(await runNetworks()), ...(await runTracker()), ...(await runRegions())];
}

if (import.meta.main) printRows(await run());

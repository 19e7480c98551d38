import { printRows, type Row } from '../row.ts';
import { openBenchApi } from './bench-api.ts';
import { measure } from './load-client.ts';
import { quantile } from './store.ts';

const SECONDS = 8;
const RATES = [50, 100, 200, 500];

/**
 * Latency of `/events/recent?limit=20` at steady rates (open loop; client, API and database share this machine). Baseline:
 * `/cameras`, which asks no database, at the lowest rate.
 */
export async function run(): Promise<readonly Row[]> {
  await using api = await openBenchApi();
  const callers = [{ authorization: await api.createCaller() }];
  const load = (path: string, rate: number) => measure(`${api.url}${path}`, { rate, seconds: SECONDS, callers });
  const baseline = quantile(await load('/cameras', 50), 0.5);
  const rows: Row[] = [{ what: '/cameras at 50 requests/s, p50', value: baseline, unit: 'ms', ratio: 1 }];
  for (const rate of RATES) {
    const times = await load('/events/recent?limit=20', rate);
    for (const share of [0.5, 0.99]) {
      const value = quantile(times, share);
      const what = `/events/recent at ${rate} requests/s, p${share * 100}`;
      rows.push({ what, value, unit: 'ms', ratio: value / baseline });
    }
  }
  return rows;
}

if (import.meta.main) printRows(await run());

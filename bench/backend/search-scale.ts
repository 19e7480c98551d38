import path from 'node:path';
import { parseArgs } from 'node:util';
import type { SearchMode } from '../../src/contract/api/search.ts';
import { openSearchConfigSchema } from '../../src/search/config.ts';
import { openClusterSearch } from '../../src/search/opensearch/search.ts';
import { openClusterIndex } from '../../src/search/opensearch/write.ts';
import { openCluster } from '../../src/search/opensearch.ts';
import type { Search } from '../../src/search/search.ts';
import { openTrigramSearch } from '../../src/search/trigram.ts';
import { whyMissing } from '../../tools/servers/cache.ts';
import { startOpenSearch } from '../../tools/servers/opensearch.ts';
import { printRows, type Row } from '../row.ts';
import { fillOnce } from './search-kept.ts';
import { loadDatabase, loadIndex } from './search-load.ts';
import { makeReads } from './search-plates.ts';
import { openBenchDatabase, quantile } from './store.ts';

const QUERIES = 100;
const WARM_UP = 10;
const SHOWN = 50;
const SAMPLED_FROM = 200_000;

/** How many reads each engine holds, and the folder where they stay for the next run (else they are deleted). */
export type Scale = Readonly<{ database: number; cluster: number; keep?: string | undefined }>;

/** What is asked for: the plate itself, and the plate as it may be remembered wrongly. */
const ASKED: readonly (readonly [string, SearchMode, (plate: string) => string])[] = [
  ['exact', 'exact', (plate) => plate],
  ['fuzzy', 'fuzzy', (plate) => plate],
  ['fuzzy, one character wrong', 'fuzzy', (plate) => `${plate.slice(0, 3)}X${plate.slice(4)}`],
  ['likelihood', 'likelihood', (plate) => plate],
  ['likelihood, one character wrong', 'likelihood', (plate) => `${plate.slice(0, 3)}X${plate.slice(4)}`],
];

/**
 * Median and 95th percentile of searches over many reads, and over a tenth of them, 50 hits each, one after the other, after 10
 * that warm up; and how they grew. Baseline: exact search of the same engine.
 */
export async function run(scale: Scale = { database: 1_000_000, cluster: 200_000 }): Promise<readonly Row[]> {
  const rows: Row[] = [];
  if (scale.database > 0) rows.push(...(await measureGrowth(scale.database, scale.keep, measureDatabase)));
  const missing = whyMissing('opensearch');
  if (missing !== undefined) process.stderr.write(`OpenSearch is left out: ${missing}\n`);
  else if (scale.cluster > 0) rows.push(...(await measureGrowth(scale.cluster, scale.keep, measureCluster)));
  return rows;
}

type Measure = (count: number, keep: string | undefined) => Promise<readonly Row[]>;

async function measureGrowth(count: number, keep: string | undefined, measureOne: Measure): Promise<readonly Row[]> {
  const few = await measureOne(Math.ceil(count / 10), keep);
  const many = await measureOne(count, keep);
  const grown = many.map(({ what, value }, index): Row => {
    const before = few[index]?.value ?? Number.NaN;
    return { what: `${what}, grown from a tenth`, value: value / before, unit: 'times' };
  });
  return [...few, ...many, ...grown.filter(({ what }) => what.includes('p95'))];
}

async function measureDatabase(count: number, keep: string | undefined): Promise<readonly Row[]> {
  const folder = keep && path.join(keep, `database-${count}`);
  await using database = await openBenchDatabase(folder);
  const now = Date.now();
  const fill = () => loadDatabase(database.sql, makeReads(count, now), now);
  await fillOnce({ folder, goesOn: false, fill });
  return await measure(openTrigramSearch(database.sql), 'PostgreSQL', count);
}

async function measureCluster(count: number, keep: string | undefined): Promise<readonly Row[]> {
  const folder = keep && path.join(keep, `cluster-${count}`);
  await using server = await startOpenSearch({ heapMb: 1024, folder, optimised: true });
  const parts = { kind: 'opensearch', nodes: [server.url], replicas: 0, request_timeout_ms: 300_000 };
  const config = openSearchConfigSchema.parse(parts);
  await using cluster = openCluster(config);
  const fill = () => loadIndex(openClusterIndex(cluster, config), makeReads(count, Date.now()));
  await fillOnce({ folder, goesOn: true, fill });
  const search = openClusterSearch(cluster, config);
  await warmUp(search, count);
  return await measure(search, 'OpenSearch', count);
}

/**
 * Plates as they are seen: those that are seen often come often, over all reads as among the first of them. Each `row` has
 * its own, as both engines remember for a while what was asked.
 */
function samplePlates(count: number, row: number): readonly string[] {
  const every = Math.max(1, Math.floor(Math.min(count, SAMPLED_FROM) / (QUERIES + WARM_UP)));
  const sampled: string[] = [];
  let index = 0;
  for (const { plate } of makeReads(count, 0)) {
    if (index++ % every === row % every) sampled.push(plate);
    if (sampled.length === QUERIES + WARM_UP) break;
  }
  return sampled;
}

/** Java compiles what it runs often while it runs: a cluster is warm after minutes of searches, not after the first ones. */
async function warmUp(search: Search, count: number): Promise<void> {
  for (const [row, [, mode, ask]] of [...ASKED, ...ASKED, ...ASKED].entries()) {
    for (const plate of samplePlates(count, ASKED.length + row)) {
      await search.search({ scope: undefined, q: ask(plate), mode, limit: SHOWN });
    }
  }
}

async function measure(search: Search, engine: string, count: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let baseline: number | undefined;
  for (const [row, [what, mode, ask]] of ASKED.entries()) {
    const times: number[] = [];
    for (const plate of samplePlates(count, row)) {
      const started = performance.now();
      await search.search({ scope: undefined, q: ask(plate), mode, limit: SHOWN });
      times.push(performance.now() - started);
    }
    const measured = times.slice(WARM_UP);
    baseline ??= quantile(measured, 0.5);
    for (const [name, share] of [
      ['p50', 0.5],
      ['p95', 0.95],
    ] as const) {
      const value = quantile(measured, share);
      const where = `${engine}, ${count.toLocaleString('en-GB')} reads`;
      rows.push({ what: `${where}: ${what}, ${name}`, value, unit: 'ms', ratio: value / baseline });
    }
  }
  return rows;
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { keep: { type: 'string' } } });
  const [database, cluster] = positionals.map(Number);
  printRows(await run({ database: database ?? 1_000_000, cluster: cluster ?? 200_000, keep: values.keep }));
}

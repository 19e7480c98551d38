import path from 'node:path';
import { parseArgs } from 'node:util';
import { probabilityOf } from '../../src/contract/likelihood.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { readOf, type StoredRead } from '../../src/contract/stored-read.ts';
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
import { type BenchRead, makeReads } from './search-plates.ts';
import { openBenchDatabase } from './store.ts';

const READS = 100_000;
const QUERIES = 100;
const FIRST = 10;
/** Reads that make the plate less likely than this are nobody's match: about two characters wrong that the reader was sure of. */
const LEAST = 1e-6;

/**
 * A read that is looked for by the plate that was there, and what is found first when every read is compared; reads by their
 * numbers, which are the end of their ids and the same in every run.
 */
type Case = Readonly<{ asked: string; wanted: string; first: readonly string[] }>;

/**
 * How often search finds what comparing every read finds: of reads that were read wrongly, looked for by the true plate. Of
 * each engine the share of them among the first ten, and how many of the ten are the same.
 */
export async function run(keep?: string): Promise<readonly Row[]> {
  const reads = [...makeReads(READS, Date.now())];
  const cases = compareAll(reads);
  const rows = [
    rowOf('every read compared: the one looked for among the first ten', cases, ({ wanted, first }) =>
      first.includes(wanted) ? 1 : 0,
    ),
  ];
  const folder = keep && path.join(keep, `database-${READS}`);
  await using database = await openBenchDatabase(folder);
  await fillOnce({ folder, goesOn: false, fill: () => loadDatabase(database.sql, reads, Date.now()) });
  rows.push(...(await measure('PostgreSQL', openTrigramSearch(database.sql), cases)));
  const missing = whyMissing('opensearch');
  if (missing === undefined) rows.push(...(await measureCluster(reads, cases, keep)));
  else process.stderr.write(`OpenSearch is left out: ${missing}\n`);
  return rows;
}

async function measureCluster(
  reads: readonly BenchRead[],
  cases: readonly Case[],
  keep: string | undefined,
): Promise<readonly Row[]> {
  const kept = keep && path.join(keep, `cluster-${READS}`);
  await using server = await startOpenSearch({ heapMb: 1024, folder: kept });
  const parts = { kind: 'opensearch', nodes: [server.url], replicas: 0, request_timeout_ms: 300_000 };
  const config = openSearchConfigSchema.parse(parts);
  await using cluster = openCluster(config);
  await fillOnce({ folder: kept, goesOn: true, fill: () => loadIndex(openClusterIndex(cluster, config), reads) });
  return await measure('OpenSearch', openClusterSearch(cluster, config), cases);
}

/** The ranking as it is defined, over all reads; those that come later are newer. */
function compareAll(reads: readonly BenchRead[]): readonly Case[] {
  const stored: StoredRead[] = reads.map(({ event }) => readOf(event));
  const wrong = reads.filter(({ plate, event }) => plate !== event.plate.text_normalized);
  const every = Math.floor(wrong.length / QUERIES);
  return wrong
    .filter((_, index) => index % every === 0)
    .slice(0, QUERIES)
    .map(({ plate, event }) => {
      const ranked = stored.map((read, index) => ({ index, p: probabilityOf(plate, read) }));
      ranked.sort((a, b) => b.p - a.p || b.index - a.index);
      const likely = ranked.slice(0, FIRST).filter(({ p }) => p >= LEAST);
      return { asked: plate, wanted: numberOf(event), first: likely.map(({ index }) => numberOf(reads[index]?.event)) };
    });
}

async function measure(name: string, search: Search, cases: readonly Case[]): Promise<readonly Row[]> {
  const found = new Map<Case, readonly string[]>();
  for (const one of cases) {
    const { results } = await search.search({ scope: undefined, q: one.asked, mode: 'likelihood', limit: FIRST });
    found.set(
      one,
      results.map(({ event }) => numberOf(event)),
    );
  }
  const idsOf = (one: Case) => found.get(one) ?? [];
  return [
    rowOf(`${name}: the one looked for among the first ten`, cases, (one) => (idsOf(one).includes(one.wanted) ? 1 : 0)),
    rowOf(`${name}: of the first ten of probability 1e-6 and more`, cases, (one) => {
      return one.first.filter((id) => idsOf(one).includes(id)).length / one.first.length;
    }),
  ];
}

function numberOf(event: PlateEvent | undefined): string {
  return event?.event_id.slice(-12) ?? '';
}

function rowOf(what: string, cases: readonly Case[], shareOf: (one: Case) => number): Row {
  const sum = cases.reduce((total, one) => total + shareOf(one), 0);
  return { what, value: (100 * sum) / cases.length, unit: '%' };
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { keep: { type: 'string' } } });
  printRows(await run(values.keep));
}

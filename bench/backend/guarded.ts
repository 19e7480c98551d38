import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ApiContext, Server } from '../../src/api/context.ts';
import { createRandom } from '../../src/base/random.ts';
import { recentQuerySchema } from '../../src/contract/api/events.ts';
import { listEvents } from '../../src/store/events.ts';
import { printRows, type Row } from '../row.ts';
import { openBenchApi } from './bench-api.ts';
import { readCpuSeconds } from './cpu-seconds.ts';
import { type Load, openLoadClient } from './load-client.ts';
import { quantile } from './store.ts';

const RATE = 500;
/** People who each watch a page. */
const CALLERS = 25;
/** Long enough that audit entries, which cover a second, are renewed within it. */
const SLICE_SECONDS = 1.5;
/** Long enough for the audit to close its open entries, so that none is counted for the other side. */
const REST_MS = 1200;
const RESAMPLES = 400;

/** One slice of one side: milliseconds of each request, and processor seconds of this process and the database. */
type Slice = Readonly<{ times: readonly number[]; cpu: number }>;
/** Without access and audit, and with them, one right after the other. */
type Pair = Readonly<{ free: Slice; guarded: Slice }>;

/**
 * What access and audit cost `/events/recent` together. A machine that others use, too, pauses now and then for longer than either
 * takes: so both sides are measured in many short slices in turn, all latencies of a side are one sample, none is left out, and an
 * interval says how far the ratio would move had other pairs of slices been drawn (bootstrap over pairs).
 */
export async function run(seconds = 120): Promise<readonly Row[]> {
  await using api = await openBenchApi([addOpenRoute]);
  await using client = openLoadClient();
  const callers = await Promise.all(Array.from({ length: CALLERS }, (_, index) => api.signIn(`Person ${index}`)));
  const take = async (address: string, more: Partial<Load> = {}): Promise<Slice> => {
    const before = await readCpuSeconds(api.database.sql);
    const load = { rate: RATE, seconds: SLICE_SECONDS, ...more };
    const times = await client.measure(`${api.url}${address}?limit=20`, load);
    await sleep(REST_MS);
    return { times, cpu: (await readCpuSeconds(api.database.sql)) - before };
  };
  const takeFree = () => take('/open/recent');
  const takeGuarded = () => take('/events/recent', { callers });
  // Warms up compilation and caches.
  for (let warm = 0; warm < 2; warm += 1) for (const side of [takeFree, takeGuarded]) await side();
  const pairs: Pair[] = [];
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    // The order alternates: what recurs, such as garbage collection, must not always hit the same side.
    if (pairs.length % 2 === 0) {
      const free = await takeFree();
      pairs.push({ free, guarded: await takeGuarded() });
    } else {
      const guarded = await takeGuarded();
      pairs.push({ free: await takeFree(), guarded });
    }
  }
  return describe(pairs);
}

type Figure = (slices: readonly Slice[]) => number;

const percentile =
  (share: number): Figure =>
  (slices) =>
    quantile(
      slices.flatMap(({ times }) => times),
      share,
    );
const cpuOf: Figure = (slices) =>
  (1000 * slices.reduce((sum, { cpu }) => sum + cpu, 0)) / slices.reduce((sum, { times }) => sum + times.length, 0);

function describe(pairs: readonly Pair[]): readonly Row[] {
  const what = `/events/recent at ${RATE}/s by ${CALLERS}, ${pairs.length} pairs of ${SLICE_SECONDS} s`;
  const line = (name: string, unit: string, figure: Figure): Row => {
    const { ratio, low, high } = compare(pairs, figure);
    const against = `without access and audit (${figure(pairs.map(({ free }) => free)).toPrecision(3)} ${unit}; 95 %: ${low.toFixed(2)} to ${high.toFixed(2)})`;
    return { what: `${what}, ${name}`, value: figure(pairs.map(({ guarded }) => guarded)), unit, ratio, against };
  };
  return [
    line('p50', 'ms', percentile(0.5)),
    line('p99', 'ms', percentile(0.99)),
    line('processor time of a request', 'ms', cpuOf),
  ];
}

/** The ratio of a figure of both sides, and the interval that holds 95 of 100 of those of pairs drawn anew. */
function compare(pairs: readonly Pair[], figure: Figure): Readonly<{ ratio: number; low: number; high: number }> {
  const ratioOf = (some: readonly Pair[]) =>
    figure(some.map(({ guarded }) => guarded)) / figure(some.map(({ free }) => free));
  const { below } = createRandom(1);
  const drawn = Array.from({ length: RESAMPLES }, () =>
    ratioOf(pairs.map(() => pairs[below(pairs.length)]).filter((pair) => pair !== undefined)),
  );
  return { ratio: ratioOf(pairs), low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) };
}

/** The same list for everybody, without an entry in the audit. */
function addOpenRoute(server: Server, { sql }: ApiContext): void {
  server.get(
    '/open/recent',
    { config: { access: 'public' }, schema: { querystring: recentQuerySchema } },
    async ({ query }, reply) => {
      const { items, next } = await listEvents(sql, { scope: undefined }, query);
      const body = `{"events":[${items.join(',')}],"next":${JSON.stringify(next)}}`;
      return reply.type('application/json; charset=utf-8').send(body);
    },
  );
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '120' } } });
  printRows(await run(Number(values.seconds)));
}

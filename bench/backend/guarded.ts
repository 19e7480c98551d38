import { readdirSync, readFileSync } from 'node:fs';
import type { ApiContext, Server } from '../../src/api/context.ts';
import { recentQuerySchema } from '../../src/contract/api/events.ts';
import type { Sql } from '../../src/db/sql.ts';
import { listEvents } from '../../src/store/events.ts';
import { printRows, type Row } from '../row.ts';
import { type BenchApi, openBenchApi } from './bench-api.ts';
import { measure } from './load-client.ts';
import { quantile } from './store.ts';

const RATE = 500;
const SECONDS = 4;
/** The first turn of each side is for warming up. */
const TURNS = 9;
/** One screen that asks all the time, and many that ask each a few times a second. */
const CALLERS = [1, 25];
/** Clock ticks of /proc a second, on every Linux. */
const TICKS = 100;

/**
 * What access and audit cost `/events/recent` together: with and without them in turn, so that the machine is the same for both.
 * A percentile is the median of those of the turns, as a single pause of the machine decides the p99 of a turn. Processor time is
 * that of this process (client and API) and of the database.
 */
export async function run(): Promise<readonly Row[]> {
  await using api = await openBenchApi([addOpenRoute]);
  const rows: Row[] = [];
  for (const count of CALLERS) rows.push(...(await compare(api, count)));
  return rows;
}

type Side = { turns: number[][]; cpuSeconds: number };

async function compare(api: BenchApi, count: number): Promise<readonly Row[]> {
  const callers = await Promise.all(Array.from({ length: count }, () => api.createCaller()));
  const sides: readonly [Side, Side] = [
    { turns: [], cpuSeconds: 0 },
    { turns: [], cpuSeconds: 0 },
  ];
  const askFree = () => measure(`${api.url}/open/recent?limit=20`, { rate: RATE, seconds: SECONDS });
  const askGuarded = () => measure(`${api.url}/events/recent?limit=20`, { rate: RATE, seconds: SECONDS, callers });
  for (let turn = 0; turn < TURNS; turn += 1) {
    const both = [() => addTurn(sides[0], api, askFree), () => addTurn(sides[1], api, askGuarded)];
    // In turn first and second: what returns at a rhythm, as collecting garbage does, must not always hit the same side.
    for (const add of turn % 2 === 0 ? both : both.toReversed()) await add();
  }
  const [free, guarded] = sides;
  const percentile = (share: number) => (side: Side) =>
    quantile(
      side.turns.slice(1).map((times) => quantile(times, share)),
      0.5,
    );
  const what = `/events/recent at ${RATE}/s by ${count}`;
  const against = 'without access and audit';
  const line = (name: string, unit: string, figure: (side: Side) => number): Row => ({
    what: `${what}, ${name}`,
    value: figure(guarded),
    unit,
    ratio: figure(guarded) / figure(free),
    against: `${against} (${figure(free).toPrecision(3)})`,
  });
  return [
    line('p50', 'ms', percentile(0.5)),
    line('p99', 'ms', percentile(0.99)),
    line('processor time per 1,000', 's', ({ turns, cpuSeconds }) => (1000 * cpuSeconds) / turns.flat().length),
  ];
}

async function addTurn(side: Side, { database }: BenchApi, work: () => Promise<number[]>): Promise<void> {
  const before = await readCpuSeconds(database.sql);
  side.turns.push(await work());
  side.cpuSeconds += (await readCpuSeconds(database.sql)) - before;
}

/** Seconds that this process and the database have computed. */
async function readCpuSeconds(sql: Sql): Promise<number> {
  const { user, system } = process.cpuUsage();
  const [row] = await sql.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const postmaster = readStat(String(row?.pid))?.parent;
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const ticks = processes.map((pid) => {
    const stat = readStat(pid);
    return stat && (stat.parent === postmaster || pid === postmaster) ? stat.ticks : 0;
  });
  return (user + system) / 1e6 + ticks.reduce((sum, one) => sum + one, 0) / TICKS;
}

/** A process as Linux tells of it; undefined when it has ended. */
function readStat(pid: string): Readonly<{ parent: string; ticks: number }> | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { parent: fields[1] ?? '', ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
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

if (import.meta.main) printRows(await run());

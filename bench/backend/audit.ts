import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditConfigSchema } from '../../src/audit/config.ts';
import { type Audit, openAudit } from '../../src/audit/open-audit.ts';
import { createLog } from '../../src/base/log.ts';
import type { Sql } from '../../src/db/sql.ts';
import type { AuditEntry } from '../../src/identity/audit-entry.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { printRows, type Row } from '../row.ts';
import { openBenchDatabase, quantile } from './store.ts';

const RATE = 500;
const SECONDS = 6;
/** Each side is measured so many times, one after the other in turn. */
const ROUNDS = 3;

/**
 * What an entry of the audit costs: many that wait for one transaction, against an INSERT for each into a table without
 * any chain. `bench/backend/api.ts` measures whole answers with and without it.
 */
export async function run(): Promise<readonly Row[]> {
  await using database = await openBenchDatabase();
  const { sql } = database;
  await sql.query(
    'CREATE TABLE plain_entries (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz, entry jsonb)',
  );
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-audit-'));
  const log = createLog({ level: 'warn' });
  const audit = await openAudit({
    sql,
    config: auditConfigSchema.parse(undefined),
    dataFolder: folder,
    telemetry: new Telemetry(),
    log,
  });
  const rows = await measureEntries(sql, audit);
  await audit[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
  return rows;
}

async function measureEntries(sql: Sql, audit: Audit): Promise<readonly Row[]> {
  const insert = (entry: AuditEntry) =>
    sql.query('INSERT INTO plain_entries (at, entry) VALUES ($1, $2)', [entry.at, JSON.stringify(entry)]);
  const [grouped, plain] = await alternate(
    (index) => audit.record(makeEntry(index)),
    (index) => insert(makeEntry(index)),
  );
  return compare(`an entry at ${RATE}/s`, { grouped, plain }, 'a plain INSERT for each');
}

type Work = (index: number) => Promise<unknown>;

/** Milliseconds of both, measured in turn in the same run. */
async function alternate(one: Work, other: Work): Promise<readonly [number[], number[]]> {
  const times: readonly [number[], number[]] = [[], []];
  for (const work of [one, other]) await load(work, 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    times[0].push(...(await load(one, SECONDS)));
    times[1].push(...(await load(other, SECONDS)));
  }
  return times;
}

function compare(
  what: string,
  { grouped, plain }: Readonly<{ grouped: number[]; plain: number[] }>,
  against: string,
): Row[] {
  return ([0.5, 0.99] as const).map((share) => {
    const value = quantile(grouped, share);
    return { what: `${what}, p${100 * share}`, value, unit: 'ms', ratio: value / quantile(plain, share), against };
  });
}

/** Milliseconds from the moment that each was due: a late one delays no later one. */
async function load(work: Work, seconds: number): Promise<number[]> {
  const doing: Promise<number>[] = [];
  const started = performance.now();
  for (let index = 0; index < RATE * seconds; index += 1) {
    const due = started + (index * 1000) / RATE;
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    doing.push(work(index).then(() => performance.now() - due));
  }
  return Promise.all(doing);
}

/** A search; one in ten is for a plate that nobody has searched for yet. */
function makeEntry(index: number): AuditEntry {
  return {
    at: new Date(),
    action: 'search',
    who: { kind: 'person', id: `p${index % 20}`, name: `Person ${index % 20}` },
    from: '127.0.0.1',
    operation: 'searchEvents',
    status: 200,
    purpose: 'theft',
    caseNumber: undefined,
    query: { mode: 'auto', limit: 50 },
    plates: [index % 10 === 0 ? `N${performance.now().toFixed(3)}` : `K${index % 500}`],
    results: 3,
  };
}

if (import.meta.main) printRows(await run());

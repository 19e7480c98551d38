import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openAuditKeys } from '../../src/audit/keys.ts';
import type { Fault } from '../../src/audit/verify-chain.ts';
import { verifyStored } from '../../src/audit/verify-stored.ts';
import { createLog } from '../../src/base/log.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import type { Sql } from '../../src/db/sql.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { scanEntries } from '../../src/store/audit/entries.ts';
import { readPlates } from '../../src/store/audit/plate-keys.ts';
import { startPostgres } from '../servers/postgres.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'alpr.js');
/** Searches on their way at once, to each process. */
const AT_ONCE = 20;

/** Of so many requests one asks for a list, which an entry of a moment before may cover. */
const LIST_EVERY = 4;

/** What came of it: how many searches and lists were answered, which of them the audit lacks, and whether its chain is whole. */
export type KilledAudit = Readonly<{
  asked: number;
  answered: number;
  lists: number;
  kills: number;
  lacking: readonly string[];
  entries: number;
  fault: Fault | undefined;
}>;

/** Kills (-9) API processes amid searches, and checks that the audit has every answered one: `npm run soak -- audit`. */
export async function soakAudit(options: Readonly<{ searches: number; kills: number }>): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'alpr-soak-audit-'));
  try {
    await using server = await startPostgres();
    const result = await killDuringSearches({ ...options, url: server.url, folder });
    console.log(JSON.stringify({ ...result, lacking: result.lacking.length }));
    return result.fault === undefined && result.lacking.length === 0 && result.answered >= options.searches;
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Options = Readonly<{
  /** An empty database. */
  url: string;
  /** For the keys, which both processes share. */
  folder: string;
  /** Searches that must be answered. */
  searches: number;
  kills: number;
}>;

/**
 * Two processes write one chain while both are asked. One after the other is killed, and started again unless it is
 * the last time; a search that was not answered is not asked again.
 */
export async function killDuringSearches({ url, folder, searches, kills }: Options): Promise<KilledAudit> {
  await using opened = new AsyncDisposableStack();
  const log = createLog({ level: 'silent' });
  const sql = opened.use(await openPostgres({ connectionString: url, poolSize: 4, log }));
  await migrate({ sql, log });
  const { secret: token } = await createApiToken(sql, {
    name: 'soak',
    permissions: ['search', 'events:read'],
    scope: undefined,
  });
  const args = [
    '--set',
    `database={kind: postgres, url: '${url}'}`,
    '--set',
    `data=${folder}`,
    '--set',
    'server={port: 0, requests_per_minute: 1000000}',
  ];
  const processes = await Promise.all([0, 1].map(async () => opened.use(await startServing(args))));
  const answered = new Set<string>();
  const lists: AnsweredList[] = [];
  let asked = 0;
  let killed = 0;
  const ask = async (first: number) => {
    for (let at = first; answered.size < searches; ) {
      const plate = `K${asked}`;
      const limit = 1 + (asked % 3);
      const from = Date.now();
      const isList = asked % LIST_EVERY === 0;
      asked += 1;
      const path = isList ? `/events/recent?limit=${limit}` : `/events/search?q=${plate}&mode=exact`;
      if (await request(`${processes[at]?.url ?? ''}${path}`, token)) {
        if (isList) lists.push({ limit, from, to: Date.now() });
        else answered.add(plate);
      } else {
        // It is dead: the other one is asked instead.
        at = (at + 1) % processes.length;
        await sleep(50);
      }
    }
  };
  const asking = processes.flatMap((_, index) => Array.from({ length: AT_ONCE }, () => ask(index)));
  const killing = (async () => {
    for (; killed < kills; killed += 1) {
      while (answered.size < ((killed + 1) * searches) / (kills + 1)) await sleep(5);
      const victim = processes[killed % processes.length];
      await (killed + 1 < kills ? victim?.killAndRestart() : victim?.kill());
    }
  })();
  await Promise.all([...asking, killing]);
  const { plates: cipher } = await openAuditKeys(folder);
  const { found, covered } = await readAnswered(sql, cipher);
  const { entries, fault } = await verifyStored(sql);
  const isCovered = (list: AnsweredList) =>
    covered.some(({ limit, from, to }) => limit === list.limit && from <= list.to && list.from <= to);
  return {
    asked,
    answered: answered.size,
    lists: lists.length,
    kills: killed,
    lacking: [
      ...[...answered].filter((one) => !found.has(one)),
      ...lists.filter((list) => !isCovered(list)).map((list) => JSON.stringify(list)),
    ],
    entries,
    fault,
  };
}

/** A list that somebody got, and when, milliseconds since 1970: it was asked for after `from` and came before `to`. */
type AnsweredList = Readonly<{ limit: number; from: number; to: number }>;

async function request(url: string, token: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    await answer.text();
    return answer.status === 200;
  } catch {
    return false;
  }
}

/** The plates that the audit says were searched for, and when it says that lists were asked for. */
async function readAnswered(sql: Sql, cipher: Parameters<typeof readPlates>[1]) {
  const sealed = [];
  const covered: AnsweredList[] = [];
  for await (const { entry } of scanEntries(sql, { after: 0, through: Number.MAX_SAFE_INTEGER })) {
    if (entry.action === 'search') sealed.push(...entry.plates);
    const { limit, until } = entry.query;
    if (entry.operation === 'listRecentEvents' && until !== undefined) {
      covered.push({ limit: Number(limit), from: Date.parse(entry.at), to: Date.parse(String(until)) });
    }
  }
  return { found: new Set(await readPlates(sql, cipher, sealed)), covered };
}

type Serving = AsyncDisposable & { url: string; kill: () => Promise<void>; killAndRestart: () => Promise<void> };

/** `alpr serve`, which can be killed and comes back at another port. */
async function startServing(args: readonly string[]): Promise<Serving> {
  let child: ChildProcess;
  const start = async () => {
    child = spawn(process.execPath, [PROGRAM, 'serve', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    serving.url = await new Promise<string>((resolve, reject) => {
      child.stdout?.on('data', (chunk) => {
        const url = /http:\S+/.exec(String(chunk))?.[0];
        if (url !== undefined) resolve(url);
      });
      child.once('exit', () => reject(new Error('expected alpr serve to say where it answers')));
    });
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const serving: Serving = {
    url: '',
    kill,
    killAndRestart: async () => {
      await kill();
      await start();
    },
    [Symbol.asyncDispose]: kill,
  };
  await start();
  return serving;
}

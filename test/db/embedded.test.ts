import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { openEmbeddedPostgres } from '../../src/db/embedded.ts';
import type { Sql } from '../../src/db/sql.ts';

const log = createLog({ level: 'silent' });
const folders: string[] = [];
/** One database that every test opens anew; each writes numbers of its own. */
let folder: string;

beforeAll(async () => {
  folder = await makeFolder();
});

afterAll(async () => {
  for (const one of folders.toReversed()) {
    const moved = await readFile(path.join(one, 'cluster-is-at'), 'utf8').catch(() => undefined);
    if (moved) await rm(path.dirname(moved), { recursive: true });
    await rm(one, { recursive: true, force: true });
  }
});

async function makeFolder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'alpr-db-'));
  folders.push(made);
  await chmod(made, 0o755);
  return made;
}

async function holdDatabase() {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'hold-database.ts'), folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = (await lines.next()).value as string;
  return {
    child,
    serverPid: Number(ready.split(' ')[1]),
    keep: async (number: number) => {
      child.stdin.write(`${number}\n`);
      expect((await lines.next()).value).toBe(`kept ${number}`);
    },
  };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('A server whose starter was killed is taken over with every row that was acknowledged', async () => {
  const held = await holdDatabase();
  await held.keep(1);
  await held.keep(2);
  await kill(held.child);
  await using database = await openEmbeddedPostgres({ dataDir: folder, log });
  expect(database.tookOver).toBe(true);
  expect(database.server().pid).toBe(held.serverPid);
  expect(await database.sql.query('SELECT number FROM kept ORDER BY 1')).toEqual([{ number: 1 }, { number: 2 }]);
});

test('When starter and server were both killed, the server recovers what was acknowledged', async () => {
  const held = await holdDatabase();
  await held.keep(7);
  await kill(held.child);
  process.kill(held.serverPid, 'SIGKILL');
  await using database = await openEmbeddedPostgres({ dataDir: folder, log });
  expect(database.tookOver).toBe(false);
  expect(await database.sql.query('SELECT number FROM kept WHERE number = 7')).toEqual([{ number: 7 }]);
});

test('A second process on the same folder is refused with ALREADY_RUNNING and the first goes on', async () => {
  const held = await holdDatabase();
  await expect(openEmbeddedPostgres({ dataDir: folder, log })).rejects.toMatchObject({
    code: 'ALREADY_RUNNING',
    message: expect.stringContaining(`process ${held.child.pid} uses it`),
  });
  await held.keep(3);
  await kill(held.child);
});

test('A postmaster.pid and a lock whose process ids now belong to other programs stop nothing', async () => {
  await (await openEmbeddedPostgres({ dataDir: folder, log }))[Symbol.asyncDispose]();
  const stranger = String(process.ppid);
  await writeFile(
    path.join(folder, 'cluster', 'postmaster.pid'),
    `${stranger}\n${folder}/cluster\n1\n5432\n\n\n\nready\n`,
  );
  await writeFile(path.join(folder, 'in-use-by'), `${stranger} 1`);
  await using database = await openEmbeddedPostgres({ dataDir: folder, log });
  expect(database.tookOver).toBe(false);
  expect(await database.sql.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('The data folder may lie where no other user can look', async () => {
  const closed = await makeFolder();
  await chmod(closed, 0o700);
  const inside = path.join(closed, 'inside', 'db');
  await mkdir(inside, { recursive: true });
  folders.push(inside);
  await using database = await openEmbeddedPostgres({ dataDir: inside, log });
  expect(await database.sql.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('It is durable, asks for its password, keeps that from others and knows UTF-8 and trigrams', async () => {
  await using database = await openEmbeddedPostgres({ dataDir: folder, log });
  await database.sql.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
  const [settings] = await database.sql.query(`SELECT current_setting('fsync') AS fsync,
    current_setting('synchronous_commit') AS commit, current_setting('data_checksums') AS sums,
    current_setting('server_encoding') AS encoding, current_setting('listen_addresses') AS address,
    upper('ärger') AS upper, similarity('AB12', 'AB12') AS similar`);
  expect(settings).toEqual({
    fsync: 'on',
    commit: 'on',
    sums: 'on',
    encoding: 'UTF8',
    address: '127.0.0.1',
    upper: 'ÄRGER',
    similar: 1,
  });
  const [access] = await database.sql.query(
    `SELECT count(*)::int AS open FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'`,
  );
  expect(access).toEqual({ open: 0 });
  expect((await stat(path.join(folder, 'password'))).mode & 0o777).toBe(0o600);
});

test('A server that dies is a DATABASE_UNAVAILABLE, not a crash, and is started again with all that it held', async () => {
  await using database = await openEmbeddedPostgres({ dataDir: folder, log });
  await database.sql.query('CREATE TABLE IF NOT EXISTS kept (number integer PRIMARY KEY)');
  await database.sql.query('INSERT INTO kept VALUES (100)');
  for (let round = 0; round < 2; round++) {
    const { pid } = database.server();
    process.kill(pid, 'SIGKILL');
    const failure = await awaitOutcome(database.sql, false);
    expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(await awaitOutcome(database.sql, true)).toEqual([{ number: 100 }]);
    expect(database.server().pid).not.toBe(pid);
  }
});

test('It can be closed while its server is away, and opened again', async () => {
  const database = await openEmbeddedPostgres({ dataDir: folder, log });
  process.kill(database.server().pid, 'SIGKILL');
  await awaitOutcome(database.sql, false);
  await sleep(250);
  await database[Symbol.asyncDispose]();
  await using again = await openEmbeddedPostgres({ dataDir: folder, log });
  expect(again.tookOver).toBe(false);
  expect(await again.sql.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('A server that was taken over is watched as well', async () => {
  const held = await holdDatabase();
  await kill(held.child);
  await using database = await openEmbeddedPostgres({ dataDir: folder, log });
  expect(database.tookOver).toBe(true);
  process.kill(database.server().pid, 'SIGKILL');
  await awaitOutcome(database.sql, false);
  await awaitOutcome(database.sql, true);
});

/** Asks until the database answers, or until it does not; what it said. */
async function awaitOutcome(sql: Sql, answers: boolean): Promise<unknown> {
  const until = performance.now() + 20_000;
  while (performance.now() < until) {
    const outcome = await sql.query('SELECT number FROM kept WHERE number = 100').then(
      (rows) => ({ answered: true, said: rows as unknown }),
      (error: unknown) => ({ answered: false, said: error }),
    );
    if (outcome.answered === answers) return outcome.said;
    await sleep(5);
  }
  throw new Error(`expected the database ${answers ? 'to answer' : 'to be away'} within 20 s`);
}

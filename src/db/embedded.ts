import { randomBytes } from 'node:crypto';
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeDurably } from '../base/durable-file.ts';
import { AlprError, messageOf } from '../base/errors.ts';
import { lockFolder, readIfThere } from '../base/folder-lock.ts';
import type { Log } from '../base/log.ts';
import { makeFolder } from '../base/make-folder.ts';
import { findBinaries } from './binaries.ts';
import { chooseHost, findCluster, type RootWay } from './host.ts';
import { KeptServer, type OpenServer } from './kept-server.ts';
import { openPool } from './pool.ts';
import { findPostmaster, isPostmasterRunning, type Postmaster, startPostmaster, stopPostmaster } from './postmaster.ts';
import { type Host, runProgram } from './run-as.ts';
import type { Sql } from './sql.ts';

const USER = 'alpr';
const PASSWORD_FILE = 'password';
const DEFAULT_POOL = 8;

/**
 * A database whose server this process started, or took over from a killed one. A server that ends is restarted;
 * `server` is the one that runs now.
 */
export type EmbeddedPostgres = Readonly<{ sql: Sql; server: () => Postmaster; tookOver: boolean }> & AsyncDisposable;

type EmbeddedOptions = Readonly<{
  /** Holds the password, the lock, the server's log and, if the server can reach it, its data. */
  dataDir: string;
  log: Log;
  poolSize?: number;
  /** Which ways of not running as root may be used, in this order; all by default. */
  rootWays?: readonly RootWay[];
  /** Ends the wait for a server that does not answer. */
  cutOff?: AbortSignal | undefined;
}>;

/**
 * A real PostgreSQL on 127.0.0.1, created on the first call. ALREADY_RUNNING when another process uses the folder; a
 * server that a killed process left running is taken over with its data.
 */
export async function openEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log, cutOff } = options;
  await makeFolder(dataDir);
  const lock = await lockFolder(dataDir);
  try {
    const host = await chooseHost({ folder: dataDir, binaries: await findBinaries(), log, ...only(options.rootWays) });
    const password = await ensureCluster(host, dataDir, log);
    const connect = (server: Postmaster) =>
      openServer({ server, password, poolSize: options.poolSize ?? DEFAULT_POOL, log, cutOff });
    const logFile = path.join(dataDir, 'postgres.log');
    const taken = await takeOver(host, connect, log);
    const kept = new KeptServer({
      first: taken ?? (await connect(await startAgain(host, logFile, log))),
      isRunning: (server) => isPostmasterRunning(server, host.clusterDir),
      start: async () => connect(await startPostmaster(host, logFile)),
      log,
    });
    return {
      sql: kept.sql,
      server: () => kept.server,
      tookOver: taken !== undefined,
      [Symbol.asyncDispose]: () => closeAll([kept, lock]),
    };
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Connects to the server that another process has on this folder, and leaves it running; undefined where none runs. For
 * commands that must work beside the system.
 */
export async function joinEmbeddedPostgres({ dataDir, log }: EmbeddedOptions): Promise<Sql | undefined> {
  const server = await findPostmaster(await findCluster(dataDir));
  const password = await readIfThere(path.join(dataDir, PASSWORD_FILE));
  if (!server || password === undefined) return undefined;
  return openPool({ ...addressOf(server, password), max: 2 }, log);
}

/** The server that a killed process left, or undefined; waits for one that is about to end. */
async function takeOver(
  host: Host,
  connect: (server: Postmaster) => Promise<OpenServer>,
  log: Log,
): Promise<OpenServer | undefined> {
  const running = await findPostmaster(host.clusterDir);
  if (!running) return undefined;
  try {
    const opened = await connect(running);
    log.info({ pid: running.pid }, 'the database server of a killed process is taken over');
    return opened;
  } catch (error) {
    // connect has already stopped it.
    if (error instanceof AlprError && error.code === 'DATABASE_UNAVAILABLE') return undefined;
    throw error;
  }
}

/**
 * Starts the server, with one retry, because the port may be taken in the meantime or parts of a killed server may
 * still be ending.
 */
async function startAgain(host: Host, logFile: string, log: Log): Promise<Postmaster> {
  try {
    return await startPostmaster(host, logFile);
  } catch (error) {
    log.warn({ err: error }, 'the database server does not start; trying once more');
    await sleep(1000);
    return startPostmaster(host, logFile);
  }
}

/** Connects to a server; stops one that does not answer. */
async function openServer(
  options: Readonly<{
    server: Postmaster;
    password: string;
    poolSize: number;
    log: Log;
    cutOff: AbortSignal | undefined;
  }>,
): Promise<OpenServer> {
  const { server, password, poolSize, log, cutOff } = options;
  const sql = openPool({ ...addressOf(server, password), max: poolSize }, log, cutOff);
  const close = () => closeAll([sql, { [Symbol.asyncDispose]: () => stopPostmaster(server, cutOff?.aborted) }]);
  try {
    await sql.query('SELECT 1');
    return { sql, server, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function addressOf({ port }: Postmaster, password: string) {
  return { host: '127.0.0.1', port, user: USER, database: 'postgres', password };
}

/** Creates the database once, under another name, so that an interrupted first start leaves nothing half done. */
async function ensureCluster(host: Host, folder: string, log: Log): Promise<string> {
  const passwordFile = path.join(folder, PASSWORD_FILE);
  const known = await readIfThere(passwordFile);
  if ((await readIfThere(path.join(host.clusterDir, 'PG_VERSION'))) !== undefined) {
    if (known !== undefined) return known;
    throw new AlprError(
      'CONFIG_INVALID',
      `Expected the password of the database in ${passwordFile}, there is none; put it back from your backup`,
    );
  }
  const started = performance.now();
  log.info({ folder }, 'the database is being created, once; this takes a few seconds');
  const password = known ?? randomBytes(24).toString('base64url');
  await writeDurably(passwordFile, password, 0o600);
  await initialise(host, password);
  log.info({ seconds: Math.round(performance.now() - started) / 1000 }, 'the database is created');
  return password;
}

async function initialise(host: Host, password: string): Promise<void> {
  const part = `${host.clusterDir}.part`;
  const secret = `${host.clusterDir}.secret`;
  const { uid, gid } = host.runAs.ids;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { mode: 0o700 });
  await writeFile(secret, password, { mode: 0o600 });
  try {
    if (uid !== undefined && gid !== undefined) for (const one of [part, secret]) await chown(one, uid, gid);
    const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
    const access = ['--auth=scram-sha-256', `--username=${USER}`, `--pwfile=${secret}`];
    await runProgram(host.runAs, host.binaries.initdb, ['-D', part, '--data-checksums', ...locale, ...access]);
  } catch (cause) {
    throw new AlprError(
      'DATABASE_UNAVAILABLE',
      `Expected initdb to create ${host.clusterDir}: ${messageOf(cause).trim()}`,
      { cause },
    );
  } finally {
    await rm(secret, { force: true });
  }
  await rename(part, host.clusterDir);
}

/** Closes in order; tries all and throws the first error. */
async function closeAll(parts: readonly AsyncDisposable[]): Promise<void> {
  await using stack = new AsyncDisposableStack();
  for (const part of parts.toReversed()) stack.use(part);
}

function only(rootWays: readonly RootWay[] | undefined) {
  return rootWays ? { rootWays } : {};
}

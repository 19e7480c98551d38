import { spawn } from 'node:child_process';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AlprError, messageOf } from '../base/errors.ts';
import { isRunning, readIfThere } from '../base/folder-lock.ts';
import { type Host, serverEnvironment } from './run-as.ts';

const POLL_MS = 10;
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;
const FROZEN_LIMIT_MS = 1000;
const LOG_LIMIT_BYTES = 8 << 20;

/** A running server: process id and port on 127.0.0.1. */
export type Postmaster = Readonly<{ pid: number; port: number }>;

/** Durable on every commit (fsync and synchronous_commit stay on); the other settings suit a small machine. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '64',
  shared_buffers: '128MB',
  work_mem: '16MB',
  gin_pending_list_limit: '16MB',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  autovacuum_max_workers: '2',
  jit: 'off',
  log_min_messages: 'warning',
  timezone: 'UTC',
} as const;

/**
 * The server that already runs on the data folder (its starter was killed), or undefined. A `postmaster.pid` whose
 * process id now belongs to another program is removed, because PostgreSQL would refuse to start.
 */
export async function findPostmaster(clusterDir: string): Promise<Postmaster | undefined> {
  const file = path.join(clusterDir, 'postmaster.pid');
  const [pid, , , port, , , , state] = ((await readIfThere(file)) ?? '').split('\n').map((line) => line.trim());
  if (!pid || !isRunning(Number(pid))) return undefined;
  if (!(await isServerOf(Number(pid), clusterDir))) {
    await rm(file);
    return undefined;
  }
  return state === 'ready' ? { pid: Number(pid), port: Number(port) } : awaitReady(Number(pid), clusterDir);
}

/** Starts the server on a free port and waits until it accepts connections. It survives a killed starter. */
export async function startPostmaster(host: Host, logFile: string): Promise<Postmaster> {
  const settings = { ...SETTINGS, port: String(await freePort()) };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [file = '', ...args] = [...host.runAs.prefix, host.binaries.postgres, '-D', host.clusterDir, ...flags];
  // A file, not a pipe, because nobody reads a pipe once we are gone. A process group of its own, so that Ctrl-C reaches only us.
  const log = await openLog(logFile);
  try {
    const child = spawn(file, args, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: serverEnvironment(),
      ...host.runAs.ids,
    });
    child.unref();
    const failed = new Promise<never>((_, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => reject(new Error(`it ended with ${signal ?? `code ${code}`}`)));
    });
    return await Promise.race([awaitReady(child.pid, host.clusterDir), failed]);
  } catch (cause) {
    throw new AlprError(
      'DATABASE_UNAVAILABLE',
      `Expected PostgreSQL to start, ${messageOf(cause)}; last lines of ${logFile}: ${await readTail(logFile)}`,
      { cause },
    );
  } finally {
    await log.close();
  }
}

/** Whether this very server still runs on the data folder: its process id may already belong to another program. */
export async function isPostmasterRunning({ pid }: Postmaster, clusterDir: string): Promise<boolean> {
  return isRunning(pid) && (await isServerOf(pid, clusterDir));
}

/**
 * Stops the server: in fast mode (sessions end, data are written), and after 15 s, or a second where it `isFrozen`, immediately
 * (it recovers on the next start).
 */
export async function stopPostmaster(postmaster: Postmaster, isFrozen = false): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!sendSignal(postmaster.pid, signal)) return;
    const until = performance.now() + (isFrozen ? FROZEN_LIMIT_MS : STOP_LIMIT_MS);
    while (performance.now() < until) {
      if (!isRunning(postmaster.pid)) return;
      await sleep(POLL_MS);
    }
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

async function awaitReady(pid: number | undefined, clusterDir: string): Promise<Postmaster> {
  const until = performance.now() + START_LIMIT_MS;
  while (performance.now() < until) {
    const lines = ((await readIfThere(path.join(clusterDir, 'postmaster.pid'))) ?? '').split('\n');
    if (Number(lines[0]) === pid && lines[7]?.trim() === 'ready') return { pid, port: Number(lines[3]) };
    if (pid !== undefined && !isRunning(pid)) break;
    await sleep(POLL_MS);
  }
  throw new Error('it was not ready in time');
}

async function isServerOf(pid: number, clusterDir: string): Promise<boolean> {
  const command = await readIfThere(`/proc/${pid}/cmdline`);
  // Without /proc (macOS) only the name in the pid file is known; PostgreSQL itself decides in the same way.
  if (command === undefined) return process.platform !== 'linux';
  return /postgres/.test(command) && command.split('\0').includes(clusterDir);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}

async function openLog(file: string) {
  const tooLong = await stat(file).then(
    ({ size }) => size > LOG_LIMIT_BYTES,
    () => false,
  );
  return open(file, tooLong ? 'w' : 'a', 0o600);
}

async function readTail(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim().split('\n').slice(-3).join(' | ');
}

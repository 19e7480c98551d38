import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';

const NEW_USER = 'ovr-alpr';
const run = promisify(execFile);

/**
 * How the server's programs are started. PostgreSQL refuses to run as root, so root becomes another user: really
 * (`uid`, `gid`), or inside a user namespace (`prefix`), where the server has another user but its files stay root's.
 */
export type RunAs = Readonly<{ prefix: readonly string[]; ids: Readonly<{ uid?: number; gid?: number }> }>;

/** Where the server's programs and data are, and which user runs it. */
export type Host = Readonly<{ runAs: RunAs; binaries: Binaries; clusterDir: string }>;

/** The user who starts the server. */
export const OURSELVES: RunAs = { prefix: [], ids: {} };

/** Runs a program to its end as `runAs` says; rejects with its standard error. */
export async function runProgram(runAs: RunAs, program: string, args: readonly string[]): Promise<void> {
  const [file = program, ...rest] = [...runAs.prefix, program, ...args];
  await run(file, rest, { cwd: '/', ...runAs.ids, maxBuffer: 1 << 24, env: serverEnvironment() });
}

/** English messages and none of our PG* variables, which would change what the server does. */
export function serverEnvironment(): Record<string, string> {
  return { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' };
}

/** The system user `postgres`, or otherwise a user of our own, created when first needed. */
export async function becomeServerUser(): Promise<RunAs> {
  const ids = (await findUser('postgres')) ?? (await findUser(NEW_USER)) ?? (await createUser());
  return { prefix: [], ids };
}

/** A user namespace; initdb looks its user up by id, so the id inside must be one that /etc/passwd knows. */
export async function becomeNamespaceUser(): Promise<RunAs> {
  const id = (await readUsers()).find(({ uid }) => uid > 0 && uid < 65534)?.uid;
  if (id === undefined) throw new Error('there is no user but root in /etc/passwd');
  return { prefix: ['unshare', '--user', `--map-user=${id}`, `--map-group=${id}`, '--'], ids: {} };
}

async function createUser(): Promise<{ uid: number; gid: number }> {
  const options = ['--system', '--user-group', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin'];
  // Alpine has only BusyBox's adduser.
  await run('useradd', [...options, NEW_USER]).catch(() => run('adduser', ['-S', '-D', '-H', NEW_USER]));
  const user = await findUser(NEW_USER);
  if (user === undefined) throw new Error(`the system user ${NEW_USER} could not be created`);
  return user;
}

async function findUser(name: string): Promise<{ uid: number; gid: number } | undefined> {
  const user = (await readUsers()).find((one) => one.name === name);
  return user && { uid: user.uid, gid: user.gid };
}

async function readUsers(): Promise<{ name: string; uid: number; gid: number }[]> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').filter((line) => line.includes(':'));
  return lines.map((line) => {
    const [name = '', , uid, gid] = line.split(':');
    return { name, uid: Number(uid), gid: Number(gid) };
  });
}

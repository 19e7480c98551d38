import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createLog } from '../../src/base/log.ts';
import { type Binaries, binariesIn, findBinaries } from '../../src/db/binaries.ts';
import { chooseHost } from '../../src/db/host.ts';
import { type Host, runProgram, serverEnvironment } from '../../src/db/run-as.ts';
import { installedFolder } from './cache.ts';
import type { OlderPostgres } from './packages.ts';
import { keepPorts } from './ports.ts';
import { keepSecret } from './secret.ts';
import { openServerFolder, ServerControl } from './server.ts';

/** `url` is of the database `postgres` with its owner's password; make a database of your own in it. */
export type PostgresAddress = Readonly<{ url: string }>;

export type PostgresServer = PostgresAddress & Readonly<{ control: ServerControl }> & AsyncDisposable;

/**
 * Where its data are kept, a temporary folder unless told; which version, the project's own (18) unless told; whether it waits
 * for the disk, which it does unless told.
 */
type PostgresRequest = Readonly<{
  folder?: string | undefined;
  version?: OlderPostgres | undefined;
  isDurable?: boolean;
  /** More lines of its configuration. */
  settings?: Readonly<Record<string, string>>;
}>;

/** What only a machine that loses its power would show. */
const WITHOUT_WAITING = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } as const;

/** PostgreSQL with 100 connections, from an npm package. */
export async function startPostgres(options: PostgresRequest = {}): Promise<PostgresServer> {
  const folder = await openServerFolder('postgres', options.folder);
  const log = createLog({ level: 'warn' });
  const host = await chooseHost({ folder: folder.path, binaries: await findProgram(options.version), log });
  const password = await keepSecret(path.join(folder.path, 'password'));
  await initialiseOnce(host, { password, version: options.version });
  const { uid, gid } = host.runAs.ids;
  // Whoever the server runs as removes the folder when its starter dies.
  if (folder.isTemporary && uid !== undefined && gid !== undefined) await chown(folder.path, uid, gid);
  const [port = 0] = await keepPorts(1, folder);
  const settings = {
    ...{ listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port), timezone: 'UTC' },
    ...(options.isDurable === false ? WITHOUT_WAITING : {}),
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [program = '', ...args] = [...host.runAs.prefix, host.binaries.postgres, '-D', host.clusterDir, ...flags];
  const control = await ServerControl.start({
    name: 'postgres',
    folder,
    command: { command: [program, ...args], environment: serverEnvironment(), ids: host.runAs.ids },
    isReady: (pid) => isReady(host.clusterDir, pid),
    // Fast shutdown: sessions are cut, data are written out.
    stopSignal: 'SIGINT',
  });
  const url = `postgres://alpr:${password}@127.0.0.1:${port}/postgres`;
  return { url, control, [Symbol.asyncDispose]: () => control[Symbol.asyncDispose]() };
}

function findProgram(version: OlderPostgres | undefined): Binaries | Promise<Binaries> {
  return version ? binariesIn(path.join(installedFolder(`postgres-${version}`), 'native')) : findBinaries();
}

/** Each version sorts texts in a way of its own, as servers of people do: 18 by code point, the older ones by language. */
function localeOf(version: OlderPostgres | undefined): readonly string[] {
  const byLanguage = ['--locale-provider=icu', '--icu-locale=en-US'];
  return version ? byLanguage : ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
}

async function initialiseOnce(
  host: Host,
  { password, version }: Readonly<{ password: string; version: OlderPostgres | undefined }>,
): Promise<void> {
  if (existsSync(path.join(host.clusterDir, 'PG_VERSION'))) return;
  const { uid, gid } = host.runAs.ids;
  const secret = `${host.clusterDir}.secret`;
  // What an interrupted first start left.
  await rm(host.clusterDir, { recursive: true, force: true });
  await mkdir(host.clusterDir, { mode: 0o700 });
  await writeFile(secret, password, { mode: 0o600 });
  try {
    if (uid !== undefined && gid !== undefined) for (const one of [host.clusterDir, secret]) await chown(one, uid, gid);
    const locale = ['--locale=C', ...localeOf(version), '--encoding=UTF8'];
    const access = ['--auth=scram-sha-256', '--username=alpr', `--pwfile=${secret}`];
    await runProgram(host.runAs, host.binaries.initdb, ['-D', host.clusterDir, ...locale, ...access]);
  } finally {
    await rm(secret, { force: true });
  }
}

/** The eighth line of postmaster.pid; the file of a killed server names another process. */
async function isReady(clusterDir: string, pid: number): Promise<boolean> {
  const lines = (await readFile(path.join(clusterDir, 'postmaster.pid'), 'utf8')).split('\n');
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

import { randomUUID } from 'node:crypto';
import { chmod, cp, lchown, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AlprError, messageOf } from '../base/errors.ts';
import { readIfThere } from '../base/folder-lock.ts';
import type { Log } from '../base/log.ts';
import { type Binaries, binariesIn } from './binaries.ts';
import { findPostmaster, stopPostmaster } from './postmaster.ts';
import { becomeNamespaceUser, becomeServerUser, type Host, OURSELVES, runProgram } from './run-as.ts';

const SYSTEM_FOLDER = '/var/lib/ovr-alpr';
const MOVED = 'cluster-is-at';
const WAYS = ['user', 'namespace', 'system-folder'] as const;

/** Ways of running as root, in the order tried: another user in place, a user namespace, copies in a system folder. */
export type RootWay = (typeof WAYS)[number];

type HostRequest = Readonly<{ folder: string; binaries: Binaries; log: Log; rootWays?: readonly RootWay[] }>;

/** Finds how PostgreSQL can run here with its data in `folder`, and gives the data to the user it runs as. */
export async function chooseHost(request: HostRequest): Promise<Host> {
  const place = { binaries: request.binaries, clusterDir: path.join(request.folder, 'cluster') };
  if (process.getuid?.() !== 0) return hostOurselves(place);
  const moved = (await readIfThere(path.join(request.folder, MOVED))) !== undefined;
  const ways = moved ? (['system-folder'] as const) : (request.rootWays ?? WAYS);
  const reasons: string[] = [];
  for (const way of ways) {
    try {
      const host = await hostAsRoot(way, place, request.folder);
      request.log.debug({ way }, 'PostgreSQL, which refuses root, is run another way');
      return host;
    } catch (error) {
      reasons.push(`${way}: ${messageOf(error).trim()}`);
    }
  }
  throw new AlprError(
    'CONFIG_INVALID',
    `Expected a way to run PostgreSQL, which refuses root (${reasons.join('; ')}); start as an ordinary user or set database.kind to postgres`,
  );
}

/** Where the data of this folder lie. */
export async function findCluster(folder: string): Promise<string> {
  return (await readIfThere(path.join(folder, MOVED))) ?? path.join(folder, 'cluster');
}

type Place = Omit<Host, 'runAs'>;

async function hostOurselves(place: Place): Promise<Host> {
  const owner = (await statIfThere(place.clusterDir))?.uid;
  const uid = process.getuid?.();
  if (owner !== undefined && uid !== undefined && owner !== uid) {
    throw new AlprError(
      'CONFIG_INVALID',
      `Expected ${place.clusterDir} to belong to user ${uid}, it belongs to user ${owner}; start as that user (or root), or choose another data folder`,
    );
  }
  return { runAs: OURSELVES, ...place };
}

async function hostAsRoot(way: RootWay, place: Place, folder: string): Promise<Host> {
  const runAs = way === 'namespace' ? await becomeNamespaceUser() : await becomeServerUser();
  const where = way === 'system-folder' ? await moveOut(place, folder) : place;
  await runProgram(runAs, where.binaries.postgres, ['--version']);
  await runProgram(runAs, '/bin/sh', ['-c', 'cd "$1"', 'sh', path.dirname(where.clusterDir)]);
  await giveTo(where.clusterDir, { uid: 0, gid: 0, ...runAs.ids });
  return { runAs, ...where };
}

/** Copies the programs, and moves the data, to where any user can reach them. */
async function moveOut(place: Place, folder: string): Promise<Place> {
  const { mtimeMs, size } = await stat(place.binaries.postgres);
  const root = path.join(SYSTEM_FOLDER, `postgres-${Math.round(mtimeMs)}-${size}`);
  const marker = path.join(folder, MOVED);
  const known = await readIfThere(marker);
  const clusterDir = known ?? path.join(SYSTEM_FOLDER, `data-${randomUUID()}`, 'cluster');
  for (const one of [SYSTEM_FOLDER, path.dirname(clusterDir)]) {
    await mkdir(one, { recursive: true });
    await chmod(one, 0o755);
  }
  await copyWhole(place.binaries.root, root);
  if (known === undefined) {
    await stopLeftover(place.clusterDir);
    if ((await statIfThere(place.clusterDir)) !== undefined) await copyWhole(place.clusterDir, clusterDir);
    await writeFile(marker, clusterDir);
  }
  await rm(place.clusterDir, { recursive: true, force: true });
  return { binaries: binariesIn(root), clusterDir };
}

/** All or nothing: an interrupted copy has another name. */
async function copyWhole(from: string, to: string): Promise<void> {
  if ((await statIfThere(to)) !== undefined) return;
  const part = `${to}.part`;
  await rm(part, { recursive: true, force: true });
  await cp(from, part, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  await rename(part, to);
}

/** Data that change their place or owner must not be in use by the server of a killed process. */
async function stopLeftover(clusterDir: string): Promise<void> {
  const running = await findPostmaster(clusterDir);
  if (running) await stopPostmaster(running);
}

async function giveTo(folder: string, owner: Readonly<{ uid: number; gid: number }>): Promise<void> {
  const was = await statIfThere(folder);
  if (was === undefined || was.uid === owner.uid) return;
  await stopLeftover(folder);
  for (const entry of await readdir(folder, { recursive: true })) {
    await lchown(path.join(folder, entry), owner.uid, owner.gid);
  }
  await lchown(folder, owner.uid, owner.gid);
}

async function statIfThere(file: string): Promise<{ uid: number } | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AlprError } from './errors.ts';

const LOCK = 'in-use-by';

/** Between two looks at a lock that somebody else takes over, milliseconds. */
const TAKEOVER_MS = 5;

/** What a lock says about its holder, and whether the holder still has it. */
export type Holding = Readonly<{
  describe(): Promise<string>;
  /** `mine` is a file beside the lock that was written just now. */
  isHeld(holder: string, files: Readonly<{ lock: string; mine: string }>): Promise<boolean>;
}>;

/** The process id and, on Linux, when that process started: a killed process holds nothing. */
const BY_PROCESS: Holding = { describe: () => describeProcess(process.pid), isHeld: (holder) => isAlive(holder) };

/**
 * Locks `folder`, which is created if it is missing, for this process until disposed; ALREADY_RUNNING when somebody holds it. A lock
 * whose holder is gone, such as a killed process, is taken over.
 */
export async function lockFolder(folder: string, name = LOCK, holding = BY_PROCESS): Promise<AsyncDisposable> {
  await mkdir(folder, { recursive: true });
  const lock = path.join(folder, name);
  const mine = path.join(folder, `${name}.${randomUUID()}`);
  const text = await holding.describe();
  await writeFile(mine, text, { mode: 0o644 });
  try {
    while (!(await tryLink(mine, lock))) await clearStale({ lock, mine, folder, holding });
  } finally {
    await unlink(mine);
  }
  return {
    async [Symbol.asyncDispose]() {
      if ((await readIfThere(lock)) === text) await rm(lock, { force: true });
    },
  };
}

/** ALREADY_RUNNING when a living process has the folder now; whoever wants it must lock it all the same. */
export async function requireFree(folder: string, name = LOCK): Promise<void> {
  const holder = await readIfThere(path.join(folder, name));
  if (holder !== undefined && (await isAlive(holder))) throw alreadyRunning(folder, holder);
}

/** Removes a lock that is no longer held. Only the process that has linked the takeover file may do so, after checking once more. */
async function clearStale({
  lock,
  mine,
  folder,
  holding,
}: Readonly<{ lock: string; mine: string; folder: string; holding: Holding }>): Promise<void> {
  const holder = await readIfThere(lock);
  if (holder === undefined) return;
  if (await holding.isHeld(holder, { lock, mine })) throw alreadyRunning(folder, holder);
  const takeover = `${lock}.takeover`;
  if (!(await tryLink(mine, takeover))) {
    const taker = await readIfThere(takeover);
    if (taker !== undefined && !(await holding.isHeld(taker, { lock: takeover, mine }))) {
      await rm(takeover, { force: true });
    }
    await sleep(TAKEOVER_MS);
    return;
  }
  try {
    if ((await readIfThere(lock)) === holder) await unlink(lock);
  } finally {
    await unlink(takeover);
  }
}

async function describeProcess(pid: number): Promise<string> {
  return `${pid} ${(await startOf(pid)) ?? ''}`.trim();
}

async function isAlive(holder: string): Promise<boolean> {
  const [pid = '', start] = holder.split(' ');
  if (!/^\d+$/.test(pid) || !isRunning(Number(pid))) return false;
  return start === undefined || start === (await startOf(Number(pid)));
}

/** Whether a process with that id exists, of any user. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

/** Field 22 of /proc/<pid>/stat: clock ticks from boot to the start of the process; undefined where there is no /proc. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readIfThere(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** The file's text, or undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ESRCH')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function alreadyRunning(folder: string, holder: string): AlprError {
  return new AlprError(
    'ALREADY_RUNNING',
    `Expected ${folder} to be free, but process ${holder.split(' ')[0]} uses it; stop that one or choose another data folder`,
  );
}

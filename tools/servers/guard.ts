import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chown, open, readdir, readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const KILL_LIMIT_MS = 10_000;
const STOP_LIMIT_MS = 10_000;

/**
 * Runs "$@" and tells its process id. Its standard input is a pipe that only the starter holds: when that ends, however
 * the starter died, the program is killed and what it would leave behind removed.
 */
const GUARD = `
exec 3<&0
"$@" >>"$GUARD_LOG" 2>&1 3<&- </dev/null & program=$!
echo "$program"
exec >/dev/null
(
  read -r _ <&3
  trap '' TERM
  kill -9 "$program"
  set -f
  IFS='
'
  rm -rf -- $GUARD_REMOVE || { sleep 1; rm -rf -- $GUARD_REMOVE; }
) 2>/dev/null & watch=$!
exec 3<&-
wait "$program"; status=$?
kill "$watch"
exit "$status"
`;

/** What to run. The files and folders of `remove` go with the program when the process that started it dies. */
export type GuardedCommand = Readonly<{
  command: readonly [string, ...string[]];
  logFile: string;
  environment?: Readonly<Record<string, string>>;
  cwd?: string;
  ids?: Readonly<{ uid?: number; gid?: number }>;
  remove: readonly string[];
}>;

/** A running program that does not outlive the process that started it, not even when that is killed with -9. */
export class GuardedProcess {
  readonly pid: number;
  readonly #guard: ChildProcess;
  readonly #ended: Promise<void>;
  #hasEnded = false;

  private constructor(pid: number, guard: ChildProcess, ended: Promise<void>) {
    this.pid = pid;
    this.#guard = guard;
    this.#ended = ended.then(() => {
      this.#hasEnded = true;
    });
  }

  static async start(options: GuardedCommand): Promise<GuardedProcess> {
    const log = await open(options.logFile, 'a', 0o644);
    await log.close();
    const { uid, gid } = options.ids ?? {};
    if (uid !== undefined && gid !== undefined) await chown(options.logFile, uid, gid);
    const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', ...options.command], {
      // A group of its own: Ctrl-C is for the starter alone.
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      cwd: options.cwd ?? '/',
      ...options.ids,
      env: {
        ...(options.environment ?? process.env),
        GUARD_LOG: options.logFile,
        GUARD_REMOVE: options.remove.join('\n'),
      },
    });
    const ended = new Promise<void>((resolve) => guard.once('exit', () => resolve()));
    const pid = await readPid(guard, options.logFile);
    guard.unref();
    for (const stream of [guard.stdin, guard.stdout]) if (stream instanceof Socket) stream.unref();
    return new GuardedProcess(pid, guard, ended);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Sends a signal and waits for what it does: the end of the program, or that each of its threads stands still. */
  async signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    if (this.#hasEnded) return;
    process.kill(this.pid, signal);
    if (signal === 'SIGCONT') return;
    if (signal === 'SIGSTOP') return waitUntilStopped(this.pid);
    this.#guard.ref();
    if (!(await this.#endsWithin(KILL_LIMIT_MS))) process.kill(this.pid, 'SIGKILL');
    await this.#ended;
  }

  async #endsWithin(ms: number): Promise<boolean> {
    const timer = new AbortController();
    const late = sleep(ms, false, { signal: timer.signal }).catch(() => true);
    const inTime = await Promise.race([this.#ended.then(() => true), late]);
    timer.abort();
    return inTime;
  }
}

/** The kernel stops one thread after the other, after the call that asks for it: a server may still answer meanwhile. */
async function waitUntilStopped(pid: number): Promise<void> {
  for (const end = Date.now() + STOP_LIMIT_MS; await isAnyThreadRunning(pid); await sleep(1)) {
    if (Date.now() > end) throw new Error(`Expected process ${pid} to be stopped within ${STOP_LIMIT_MS} ms`);
  }
}

/** See proc_pid_stat(5) for the third field: T for a thread that is stopped. macOS has no /proc and shows the whole alone. */
async function isAnyThreadRunning(pid: number): Promise<boolean> {
  if (process.platform !== 'linux')
    return !(await run('ps', ['-o', 'stat=', '-p', String(pid)])).stdout.startsWith('T');
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    // A thread may end before it is asked.
    const stat = await readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8').catch(() => ') T');
    // The second field is the program's name in brackets, with whatever letters it has.
    if (stat.charAt(stat.lastIndexOf(')') + 2) !== 'T') return true;
  }
  return false;
}

async function readPid(guard: ChildProcess, logFile: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  guard.once('error', reject);
  const fail = async () => reject(new Error(`the program did not start: ${await readTail(logFile)}`));
  guard.once('exit', fail);
  guard.stdout?.once('data', (chunk: Buffer) => {
    // From now on its end is no failed start, and its log may be gone by then.
    guard.off('exit', fail);
    resolve(Number(chunk.toString().trim()));
  });
  return promise;
}

/** The last lines of a log, for messages. */
export async function readTail(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim().split('\n').slice(-12).join('\n');
}

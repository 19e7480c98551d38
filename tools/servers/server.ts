import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GuardedCommand, GuardedProcess, readTail } from './guard.ts';

const START_LIMIT_MS = 120_000;
const PROBE_MS = 50;
/** A killed server may still be registered, or hold its shared memory, for a moment. */
const RESTARTS = { attempts: 4, pauseMs: 1000 };

/** How one kind of server is started over a folder. */
export type ServerPlan = Readonly<{
  name: string;
  folder: ServerFolder;
  command: Omit<GuardedCommand, 'logFile' | 'remove'>;
  /** Resolves to true once the server with that process id serves; false or a rejection: not yet. */
  isReady: (pid: number) => Promise<boolean>;
  /** Files outside of the folder that it leaves behind. */
  leavings?: readonly string[];
  /** How it is asked to stop; SIGTERM unless told otherwise. */
  stopSignal?: 'SIGTERM' | 'SIGKILL' | 'SIGINT';
}>;

/** Where a server keeps its data. A temporary one goes when the server is closed or its starter dies. */
export type ServerFolder = Readonly<{ path: string; isTemporary: boolean }>;

/** The folder named, created when it is not there, or a temporary one. */
export async function openServerFolder(name: string, folder: string | undefined): Promise<ServerFolder> {
  if (folder === undefined) {
    const made = await mkdtemp(path.join(tmpdir(), `ovr-alpr-${name}-`));
    await chmod(made, 0o755);
    return { path: made, isTemporary: true };
  }
  await mkdir(folder, { recursive: true });
  return { path: path.resolve(folder), isTemporary: false };
}

/** A server of this machine that tests may break: killed, stopped and started again on the same data and ports. */
export class ServerControl implements AsyncDisposable {
  readonly #plan: ServerPlan;
  #process: GuardedProcess;

  private constructor(plan: ServerPlan, running: GuardedProcess) {
    this.#plan = plan;
    this.#process = running;
  }

  /** Starts the server and waits until it serves; its log's last lines are in the error when it does not. */
  static async start(plan: ServerPlan): Promise<ServerControl> {
    try {
      return new ServerControl(plan, await launch(plan));
    } catch (error) {
      if (plan.folder.isTemporary) await rm(plan.folder.path, { recursive: true, force: true });
      throw error;
    }
  }

  get pid(): number {
    return this.#process.pid;
  }

  get isRunning(): boolean {
    return !this.#process.hasEnded;
  }

  /** What the server wrote, for a look after a failure. */
  get logFile(): string {
    return logFileOf(this.#plan);
  }

  /** kill -9, and waits for the end. */
  async kill(): Promise<void> {
    await this.#process.signal('SIGKILL');
  }

  /** Asks the server to end in good order, and waits for it. */
  async stop(): Promise<void> {
    await this.#process.signal(this.#plan.stopSignal ?? 'SIGTERM');
  }

  /** SIGSTOP: connections stay open and nothing answers, until `resume`. */
  async pause(): Promise<void> {
    await this.#process.signal('SIGSTOP');
  }

  async resume(): Promise<void> {
    await this.#process.signal('SIGCONT');
  }

  /** Starts it again on the same data and ports and waits until it serves; one that still runs is killed first. */
  async restart(limitMs = START_LIMIT_MS): Promise<void> {
    await this.kill();
    for (let attempt = 1; ; attempt++) {
      try {
        this.#process = await launch(this.#plan, limitMs);
        return;
      } catch (error) {
        if (attempt === RESTARTS.attempts) throw error;
        await sleep(RESTARTS.pauseMs);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { folder } = this.#plan;
    // A temporary server has nothing to bring to safety.
    await (folder.isTemporary ? this.kill() : this.stop());
    for (const one of listLeavings(this.#plan)) {
      await rm(one, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  }
}

async function launch(plan: ServerPlan, limitMs = START_LIMIT_MS): Promise<GuardedProcess> {
  const started = await GuardedProcess.start({
    ...plan.command,
    logFile: logFileOf(plan),
    remove: listLeavings(plan),
  });
  const until = performance.now() + limitMs;
  while (!started.hasEnded && performance.now() < until) {
    if (await plan.isReady(started.pid).catch(() => false)) return started;
    await sleep(PROBE_MS);
  }
  const why = started.hasEnded ? 'it ended' : `it did not serve within ${limitMs / 1000} s`;
  await started.signal('SIGKILL');
  throw new Error(`${plan.name} did not start, ${why}: ${await readTail(logFileOf(plan))}`);
}

function listLeavings({ folder, leavings = [] }: ServerPlan): readonly string[] {
  return folder.isTemporary ? [folder.path, ...leavings] : leavings;
}

function logFileOf({ folder, name }: ServerPlan): string {
  return path.join(folder.path, `${name}.log`);
}

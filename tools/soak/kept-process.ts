import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const RESTART_MS = 500;

/** What can be killed, stopped for a while and brought back. */
export type Victim = Readonly<{
  name: string;
  kill(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  restart(): Promise<void>;
}>;

/** One of our own processes, started again like a service manager does whenever it ends. */
export class KeptProcess implements Victim, AsyncDisposable {
  readonly name: string;
  readonly #args: readonly string[];
  readonly #logFile: string;
  #child: ChildProcess | undefined;
  #wanted = false;
  #lastLine = '';
  /** What it last wrote to its log each time that it ended without being killed by us. */
  readonly ends: string[] = [];

  constructor(options: Readonly<{ name: string; args: readonly string[]; logFile: string }>) {
    this.name = options.name;
    this.#args = options.args;
    this.#logFile = options.logFile;
  }

  /** The last whole line that it wrote to standard output. */
  get lastLine(): string {
    return this.#lastLine;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async restart(): Promise<void> {
    this.#wanted = true;
    this.#start();
  }

  async kill(): Promise<void> {
    this.#wanted = false;
    await this.#end('SIGKILL');
  }

  /** Asks it to end, as a service manager does, and resolves to its exit code. */
  async stop(): Promise<number | null> {
    this.#wanted = false;
    await this.#end('SIGTERM');
    return this.#child?.exitCode ?? null;
  }

  async pause(): Promise<void> {
    this.#child?.kill('SIGSTOP');
  }

  async resume(): Promise<void> {
    this.#child?.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  #start(): void {
    const log = openSync(this.#logFile, 'a');
    const child = spawn(process.execPath, this.#args, { stdio: ['ignore', 'pipe', log] });
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => {
      this.#lastLine = chunk.toString().trimEnd().split('\n').at(-1) ?? '';
    });
    child.once('exit', async (code) => {
      if (!this.#wanted || this.#child !== child) return;
      const lines = (await readFile(this.#logFile, 'utf8')).trimEnd().split('\n');
      this.ends.push(`${this.name} ended by itself (${code}): ${lines.slice(-12).join('\n')}`);
      await sleep(RESTART_MS);
      if (this.#wanted && this.#child === child) this.#start();
    });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await ended;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');

export type LogLine = Readonly<{ msg: string; event_id?: string; status?: string; text?: string }>;

/** One running `alpr start` whose log goes to a file that outlives it. */
export type Run = Readonly<{ child: ChildProcess; url: string; exited: Promise<void> }>;

/** Starts the whole system and waits until it says where it listens. */
export async function startSystem(configFile: string, logFile: string): Promise<Run> {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [PROGRAM, '--config', configFile, 'start'], { stdio: ['ignore', 'pipe', log] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  for (let waited = 0; waited < 120_000; waited += 50) {
    const url = /http:\/\/\S+/.exec(output)?.[0];
    if (url) return { child, url: url.replace(/\/$/, ''), exited };
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`The system did not start; see ${logFile}`);
}

/** Every line of the log so far; a last line that a kill has torn is left out. */
export async function readLog(logFile: string): Promise<readonly LogLine[]> {
  const lines = (await readFile(logFile, 'utf8')).split('\n');
  return lines.flatMap((line): LogLine[] => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

/** Ids of the events that the log says were final and safe on the disk. */
export async function readFinalIds(logFile: string): Promise<ReadonlySet<string>> {
  const finals = (await readLog(logFile)).filter(
    (line) => line.msg === 'an event is spooled' && line.status === 'final',
  );
  return new Set(finals.flatMap(({ event_id }) => event_id ?? []));
}

/** Resident memory of a process in megabytes. */
export async function readMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** Processor seconds that a process has used so far, and those of its children that have ended (proc_pid_stat(5)). */
export async function readProcessorSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Sends a signal to all that a process has started, and what these have started; not to the process itself. */
export async function signalDescendants(pid: number, signal: NodeJS.Signals): Promise<void> {
  for (const one of await listDescendants(pid)) {
    try {
      process.kill(one, signal);
    } catch (error) {
      // It has just ended.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/** All processes that a process has started, and what these have started. */
export async function listDescendants(pid: number): Promise<readonly number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  const children = Map.groupBy(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number)),
    ([, parent]) => parent,
  );
  const found: number[] = [];
  const collect = (parent: number) => {
    for (const [child = 0] of children.get(parent) ?? []) {
      found.push(child);
      collect(child);
    }
  };
  collect(pid);
  return found;
}

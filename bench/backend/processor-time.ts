import { readFileSync } from 'node:fs';
import type { Sql } from '../../src/db/sql.ts';

/** Length of a tick of the processor clock in /proc, milliseconds. */
const TICK_MS = 10;

/**
 * Processor time of the database for some work, milliseconds: the mean over several turns, after one that fills the caches. Processor time
 * rather than the clock, so that other load hardly changes the figure.
 */
export async function timeDatabase(sql: Sql, work: () => Promise<unknown>, turns: number): Promise<number> {
  await work();
  const before = await readTicks(sql);
  for (let turn = 0; turn < turns; turn += 1) await work();
  return ((await readTicks(sql)) - before) * (TICK_MS / turns);
}

/** What the connections have used so far, in user and system mode, including parallel workers that have ended. */
async function readTicks(sql: Sql): Promise<number> {
  const rows = await sql.query<{ pid: number }>('SELECT pid FROM pg_stat_activity WHERE datname = current_database()');
  const connections = rows.map(({ pid }) => readStat(pid));
  const ended = connections[0] ? readStat(connections[0].parent).ofEnded : 0;
  return connections.reduce((sum, { own }) => sum + own, ended);
}

/** Of /proc/PID/stat (proc_pid_stat(5)): who started it, its own time, and that of its children that have ended. */
function readStat(pid: number): Readonly<{ parent: number; own: number; ofEnded: number }> {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // From the third field on: the second is a name, in brackets.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent = 0, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [1, 11, 12, 13, 14].map(
    (at) => fields[at],
  );
  return { parent, own: user + system, ofEnded: endedUser + endedSystem };
}

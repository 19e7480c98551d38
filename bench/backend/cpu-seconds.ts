import { readdirSync, readFileSync } from 'node:fs';
import type { Sql } from '../../src/db/sql.ts';

/** Clock ticks of /proc a second, on every Linux. */
const TICKS = 100;

/** Processor seconds that this process and the database have used. */
export async function readCpuSeconds(sql: Sql): Promise<number> {
  const { user, system } = process.cpuUsage();
  const [row] = await sql.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const postmaster = readStat(String(row?.pid))?.parent;
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const ticks = processes.map((pid) => {
    const stat = readStat(pid);
    return stat && (stat.parent === postmaster || pid === postmaster) ? stat.ticks : 0;
  });
  return (user + system) / 1e6 + ticks.reduce((sum, one) => sum + one, 0) / TICKS;
}

/** A process as Linux tells of it; undefined when it has ended. */
function readStat(pid: string): Readonly<{ parent: string; ticks: number }> | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { parent: fields[1] ?? '', ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
}

import type { Config } from '../../app/config.ts';
import { createLog } from '../../base/log.ts';
import { makeFolder } from '../../base/make-folder.ts';
import { migrate } from '../../db/migrate.ts';
import { type Database, openDatabase } from '../../db/open.ts';
import { maintain } from '../../store/upkeep/maintain.ts';
import { type DatabaseStatus, type PartStatus, readDatabaseStatus } from '../../store/upkeep/status.ts';
import { formatColumns } from '../format-columns.ts';

/** Brings the configured database to this version, does one round of upkeep, and prints what was applied. */
export async function migrateDatabase(config: Config): Promise<void> {
  const log = createLog(config.log);
  await using database = await openConfigured(config);
  const { sql } = database;
  const { applied, division } = await migrate({ sql, log });
  await maintain({
    sql,
    division,
    keep: { retention_days: config.privacy.retention.events_days, partition: config.database.partition },
    log,
  });
  for (const name of applied) print(`applied ${name}`);
  print(applied.length > 0 ? 'The database is up to date.' : 'The database was up to date already.');
}

/** Prints the version of the configured database, what is pending, its partitions and their sizes. */
export async function showDatabase(config: Config, flags: Readonly<{ json?: boolean }>): Promise<void> {
  await using database = await openConfigured(config);
  const status = await readDatabaseStatus(database.sql);
  print(flags.json ? JSON.stringify({ kind: database.kind, ...status }) : formatStatus(database.kind, status));
}

async function openConfigured(config: Config): Promise<Database> {
  await makeFolder(config.data, { mode: 0o711 });
  return openDatabase({
    config: config.database,
    dataFolder: config.data,
    log: createLog({ ...config.log, level: 'warn' }),
    isShared: true,
  });
}

function formatStatus(kind: Database['kind'], status: DatabaseStatus): string {
  const last = status.applied.at(-1);
  const facts = [
    ['database', `${kind}, PostgreSQL ${status.server}`],
    ['divided by', status.division === 'native' ? 'partitions of PostgreSQL' : 'hypertables of TimescaleDB'],
    ['TimescaleDB', status.timescale],
    ['version', last ? `${last.name}, applied ${last.applied_at.toISOString()}` : 'empty'],
    ['applied', String(status.applied.length)],
    ['pending', status.pending.join(', ') || 'none'],
    ['size', formatBytes(status.bytes)],
    ...(status.misdated > 0 ? [['impossible times', `${status.misdated} events; a clock is wrong`]] : []),
  ];
  const tables = status.tables.map(({ name, rows, bytes }) => ['', name, '', '', formatRows(rows), formatBytes(bytes)]);
  const heads = ['table', 'part', 'from', 'to', 'rows (about)', 'size'];
  const upkeep = status.upkeep.map(({ task, at, detail }) => [task, at?.toISOString() ?? 'never', detail]);
  const blocks = [facts, upkeep, [heads, ...status.parts.map(formatPart), ...tables]];
  return blocks
    .filter((rows) => rows.length > 0)
    .map(formatColumns)
    .join('\n\n');
}

function formatPart({ table, name, from, to, rows, bytes }: PartStatus): readonly string[] {
  const day = (date: Date | null) => date?.toISOString().slice(0, 10) ?? '–';
  return [table, name, day(from), day(to), formatRows(rows), formatBytes(bytes)];
}

function formatRows(rows: number): string {
  return Math.round(rows).toLocaleString('en-GB');
}

function formatBytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString('en-GB', { maximumFractionDigits: 1 })} MB`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AlprError } from '../base/errors.ts';
import type { SqlSession } from './sql.ts';

const FOLDER = fileURLToPath(new URL('../../sql/', import.meta.url));
const FILE_NAME = /^\d{3}-[a-z0-9-]+\.sql$/;

/** How tables of events are divided by time: PostgreSQL's own partitions, or TimescaleDB's hypertables. */
export type Division = 'native' | 'timescale';

/** One step of the schema; `name` is its path below `sql/`. */
export type Migration = Readonly<{ number: number; name: string; text: string; checksum: string }>;

/** A migration as the database remembers it. */
export type Applied = Readonly<{ number: number; name: string; checksum: string; applied_at: Date }>;

/** The migrations of every database and those of one division, in order of their numbers. */
export async function readMigrations(division: Division, folder: string = FOLDER): Promise<readonly Migration[]> {
  const all = [...(await readFolder(folder, '')), ...(await readFolder(folder, division))];
  return all.toSorted((a, b) => a.number - b.number);
}

/** What was applied so far, in order; empty in a database without our table. */
export async function readApplied(session: Pick<SqlSession, 'query'>): Promise<readonly Applied[]> {
  const [found] = await session.query<{ there: boolean }>(
    "SELECT to_regclass('schema_migrations') IS NOT NULL AS there",
  );
  if (!found?.there) return [];
  return session.query<Applied>('SELECT number, name, checksum, applied_at FROM schema_migrations ORDER BY number');
}

/** DATABASE_NEWER when something was applied that this program lacks or has in another form. */
export function refuseNewer(applied: readonly Applied[], known: readonly Migration[]): void {
  for (const [index, one] of applied.entries()) {
    if (known[index]?.number === one.number && known[index].checksum === one.checksum) continue;
    throw new AlprError(
      'DATABASE_NEWER',
      `Expected a database of this version, but it holds migration ${one.name} that this program ${known[index] ? 'has with another text' : 'does not have'}; use the version that wrote it, or a newer one`,
    );
  }
}

async function readFolder(folder: string, below: string): Promise<readonly Migration[]> {
  const names = (await readdir(path.join(folder, below))).filter((name) => FILE_NAME.test(name));
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(folder, below, name), 'utf8');
      return {
        number: Number(name.slice(0, 3)),
        name: path.posix.join(below, name),
        text,
        checksum: checksumOf(text),
      };
    }),
  );
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
}

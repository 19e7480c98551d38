import type { Applied, Division } from './migrations.ts';
import type { SqlSession } from './sql.ts';

/** The oldest TimescaleDB with the functions that the migrations call: 2.13. */
const OLDEST = [2, 13] as const;

/** How a database divides its events, and what is known about TimescaleDB in it. */
export type DivisionFound = Readonly<{ division: Division; timescale: string }>;

type Extension = Readonly<{ installed: string | null; available: string | null; licence: string | null }>;

/**
 * TimescaleDB if its extension is in the database with compression and continuous aggregates, otherwise PostgreSQL's
 * own partitions. What an earlier migration chose stays.
 */
export async function findDivision(
  session: Pick<SqlSession, 'query'>,
  applied: readonly Applied[],
): Promise<DivisionFound> {
  const [extension] = await session.query<Extension>(
    `SELECT (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS installed,
       (SELECT default_version FROM pg_available_extensions WHERE name = 'timescaledb') AS available,
       current_setting('timescaledb.license', true) AS licence`,
  );
  const timescale = describe(extension);
  const chosen = applied
    .map(({ name }) => name.split('/')[0])
    .find((part) => part === 'native' || part === 'timescale');
  const division = chosen ?? (isUsable(extension) ? 'timescale' : 'native');
  return { division, timescale };
}

/**
 * Lets this transaction change compressed rows however many TimescaleDB takes apart for that: by default it refuses more than
 * 100,000, and to find an event by its id it takes apart nearly all.
 */
export async function allowManyCompressed(session: Pick<SqlSession, 'query'>): Promise<void> {
  await session.query(
    `SELECT set_config(name, '0', true) FROM pg_settings
     WHERE name = 'timescaledb.max_tuples_decompressed_per_dml_transaction'`,
  );
}

function isUsable(extension: Extension | undefined): boolean {
  if (!extension?.installed) return false;
  const [major = 0, minor = 0] = extension.installed.split('.').map(Number);
  const newEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return newEnough && extension.licence !== 'apache';
}

function describe(extension: Extension | undefined): string {
  if (!extension?.installed) {
    return extension?.available
      ? `${extension.available} is on the server but not in this database (CREATE EXTENSION timescaledb before the first start)`
      : 'not on the server';
  }
  if (extension.licence === 'apache') return `${extension.installed} without compression (licence apache)`;
  return isUsable(extension) ? extension.installed : `${extension.installed}, older than ${OLDEST.join('.')}`;
}

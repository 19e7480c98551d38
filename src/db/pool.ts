import { once } from 'node:events';
import { Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Sql, SqlSession } from './sql.ts';

const COPY_CHUNK = 64 * 1024;
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOENT']);
const AWAY_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after|not queryable/;

/** What the driver's types leave out. */
type ConnectedClient = PoolClient & Readonly<{ connection: Readonly<{ stream: Socket }> }>;

/** How long a server may take to close a connection that we have ended, milliseconds. */
const LINGER_MS = 2000;

/**
 * A pool of connections as the `Sql` port. Errors that mean "the server is away" become DATABASE_UNAVAILABLE. When `cutOff`
 * aborts, so does whatever still waits for the server: one that is frozen would hold up the end of this process for ever.
 */
export function openPool(config: PoolConfig, log: Log, cutOff?: AbortSignal): Sql {
  const sockets = new Set<Socket>();
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const stream = () => {
    const socket = new Socket();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (cutOff?.aborted) setImmediate(() => socket.destroy());
    return socket;
  };
  cutOff?.addEventListener('abort', destroyAll, { once: true });
  const own = { connectionTimeoutMillis: 10_000, application_name: 'ovr-alpr', pipeline: true, stream };
  const pool = new Pool({ ...own, ...config });
  let isEnding = false;
  pool.on('error', (error) => {
    // A server that stops at the same time may be quicker than the end of a connection.
    if (!isEnding) log.warn({ error: error.message }, 'an idle database connection is lost');
  });
  return {
    query: (text, values, name) => naming(async () => (await pool.query(toQuery(text, values, name))).rows),
    transaction: (work) => naming(() => runTransaction(pool, work)),
    async [Symbol.asyncDispose]() {
      isEnding = true;
      await pool.end();
      cutOff?.removeEventListener('abort', destroyAll);
      setTimeout(destroyAll, LINGER_MS).unref();
    },
  };
}

async function runTransaction<T>(pool: Pool, work: (sql: SqlSession) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const note = (error: Error) => {
    broken = error;
  };
  client.on('error', note);
  try {
    // On its way together with the first statement.
    const [begun, done] = await Promise.allSettled([client.query('BEGIN'), work(sessionOf(client))]);
    if (begun.status === 'rejected') throw begun.reason;
    if (done.status === 'rejected') throw done.reason;
    await client.query('COMMIT');
    return done.value;
  } catch (error) {
    await client.query('ROLLBACK').catch(note);
    throw error;
  } finally {
    client.off('error', note);
    client.release(broken);
  }
}

function toQuery(text: string, values: readonly unknown[] | undefined, name: string | undefined) {
  return { text, ...(values && { values: [...values] }), ...(name !== undefined && { name }) };
}

function sessionOf(client: PoolClient): SqlSession {
  return {
    query: async (text, values, name) => (await client.query(toQuery(text, values, name))).rows,
    copyFrom: async (statement, lines) => {
      // The driver has no other statement on its way during a COPY.
      Object.assign(client, { pipeline: false });
      const stream = client.query(copyFrom(statement));
      const done = finished(stream);
      try {
        for await (const piece of typeof lines === 'string' ? cut(lines) : lines) {
          if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), done]);
        }
        stream.end();
        await done;
      } catch (error) {
        // The server waits for more until it is told that none will come.
        stream.destroy(error instanceof Error ? error : undefined);
        await done.catch(() => {});
        throw error;
      } finally {
        Object.assign(client, { pipeline: true });
      }
    },
    async *copyTo(statement) {
      Object.assign(client, { pipeline: false });
      const stream = client.query(copyTo(statement));
      let isOver = false;
      try {
        yield* stream.iterator({ destroyOnReturn: false });
        isOver = true;
      } catch (error) {
        isOver = true;
        throw error;
      } finally {
        Object.assign(client, { pipeline: true });
        // Whoever reads has enough, as on a full disk: the server would send the rest, before anything else can be asked.
        if (!isOver) {
          stream.on('error', () => {});
          (client as ConnectedClient).connection.stream.destroy();
        }
      }
    },
  };
}

function* cut(lines: string): Generator<string> {
  for (let at = 0; at < lines.length; at += COPY_CHUNK) yield lines.slice(at, at + COPY_CHUNK);
}

async function naming<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof AlprError) throw error;
    if (isRefused(error)) {
      throw new AlprError(
        'CONFIG_INVALID',
        `Expected to be let into the database, got: ${error.message}; see database`,
        {
          cause: error,
        },
      );
    }
    if (!isAway(error)) throw error;
    throw new AlprError('DATABASE_UNAVAILABLE', `Expected an answer from the database, got: ${error.message}`, {
      cause: error,
    });
  }
}

/** Whether the user name, the password (SQLSTATE class 28), the name of the database or a certificate is wrong. */
function isRefused(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^(28|3D)/.test(code) || /CERT|UNABLE_TO_VERIFY/.test(code) || /does not support SSL/.test(error.message);
}

/** Whether a driver's error means that no server answers, by Node's code or SQLSTATE classes 08, 57P and 53. */
function isAway(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return AWAY_CODES.has(code) || /^(08|57P|53)/.test(code) || AWAY_MESSAGES.test(error.message);
}

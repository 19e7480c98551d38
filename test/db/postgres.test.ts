import { execFile } from 'node:child_process';
import { chmod, chown, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { dbConfigSchema, type TlsConfig } from '../../src/db/config.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../../src/db/embedded.ts';
import { openPostgres } from '../../src/db/postgres.ts';

const log = createLog({ level: 'silent' });
let folder: string;
let server: EmbeddedPostgres;
let connectionString: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'alpr-tls-'));
  await chmod(folder, 0o755);
  server = await openEmbeddedPostgres({ dataDir: folder, log });
  const password = await readFile(path.join(folder, 'password'), 'utf8');
  connectionString = `postgres://alpr:${password}@127.0.0.1:${server.server().port}/postgres`;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function ask(tls: TlsConfig | undefined, url = connectionString): Promise<unknown> {
  await using sql = await openPostgres({ connectionString: url, poolSize: 2, tls, log });
  return (await sql.query<{ ssl: boolean }>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'))[0]?.ssl;
}

test('Without TLS it is not encrypted, and a server that cannot is refused where TLS is asked for', async () => {
  expect(await ask(undefined)).toBe(false);
  await expect(ask({ verify: true })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

test('A wrong password and a database that is not there are faults of the configuration, without the password in them', async () => {
  for (const url of [
    connectionString.replace(/:[^:@]+@/, ':wrong-one@'),
    connectionString.replace(/postgres$/, 'none'),
  ]) {
    const failure = await ask(undefined, url).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(String(failure)).not.toMatch(/wrong-one/);
  }
});

test('A server that is not there is DATABASE_UNAVAILABLE', async () => {
  await expect(ask(undefined, 'postgres://alpr:x@127.0.0.1:1/postgres')).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
  });
});

test('A COPY that is cut off on this side ends its transaction, and the pool goes on', async () => {
  await using sql = await openPostgres({ connectionString, poolSize: 1, log });
  const reading = sql.transaction(async (session) => {
    const rows = session.copyTo(
      'COPY (SELECT repeat(md5(n::text), 50) FROM generate_series(1, 100000) AS n) TO STDOUT',
    );
    for await (const _ of rows) throw new Error('the disk is full');
  });
  await expect(reading).rejects.toThrow('the disk is full');
  async function* breakOff() {
    yield Buffer.from('1\n2\n');
    throw new Error('the file is damaged');
  }
  const writing = sql.transaction(async (session) => {
    await session.query('CREATE TABLE cut_off (n integer)');
    await session.copyFrom('COPY cut_off FROM STDIN', breakOff());
  });
  await expect(writing).rejects.toThrow('the file is damaged');
  expect(await sql.query("SELECT to_regclass('cut_off') AS there")).toEqual([{ there: null }]);
});

test('Settings of TLS belong into the configuration, not into the address', () => {
  const parse = (url: string) => dbConfigSchema.safeParse({ kind: 'postgres', url }).success;
  expect(parse('postgres://a:b@host/db')).toBe(true);
  expect(parse('postgres://a:b@host/db?sslmode=disable')).toBe(false);
  expect(parse('mysql://a:b@host/db')).toBe(false);
});

const hasOpenssl = await promisify(execFile)('openssl', ['version']).then(
  () => true,
  () => false,
);

describe.skipIf(!hasOpenssl && !process.env.CI)('With a certificate of its own (skipped without openssl)', () => {
  const certificate = () => path.join(folder, 'cluster', 'server.crt');

  beforeAll(async () => {
    const key = path.join(folder, 'cluster', 'server.key');
    await promisify(execFile)('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate()],
    ]);
    const { uid, gid } = await stat(path.join(folder, 'cluster'));
    for (const file of [key, certificate()]) await chown(file, uid, gid);
    await chmod(key, 0o600);
    await server.sql.query('ALTER SYSTEM SET ssl = on');
    await server.sql.query('SELECT pg_reload_conf()');
  });

  test('the connection is encrypted once its signer is trusted', async () => {
    await expect.poll(() => ask({ verify: true, ca_file: certificate() }), { timeout: 10_000 }).toBe(true);
  });

  test('a signer that nobody knows is refused, unless that is not to be checked', async () => {
    await expect(ask({ verify: true })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(await ask({ verify: false })).toBe(true);
  });

  test('a file of certificates that is not there is named', async () => {
    await expect(ask({ verify: true, ca_file: '/nowhere.pem' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('/nowhere.pem'),
    });
  });
});

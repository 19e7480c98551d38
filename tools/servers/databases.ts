import { createLog } from '../../src/base/log.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import type { OlderPostgres } from './packages.ts';
import { startPostgres } from './postgres.ts';

/** Where databases of tests are made. `template` is a migrated one without rows, to be copied: that takes a fifth of what migrating takes. */
export type Databases = Readonly<{ url: string; template: string }>;

/** A server for databases of tests: the one at `given` if there is one, else one of its own that does not wait for the disk. */
export async function startDatabases({
  given,
  version,
}: Readonly<{ given: string | undefined; version: OlderPostgres | undefined }>): Promise<Databases & AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const url = given ?? opened.use(await startPostgres({ version, isDurable: false })).url;
  const log = createLog({ level: 'warn' });
  const template = `template_${process.pid}`;
  const server = opened.use(await openPostgres({ connectionString: url, poolSize: 1, log }));
  await server.query(`CREATE DATABASE ${template}`);
  opened.defer(async () => void (await server.query(`DROP DATABASE ${template} WITH (FORCE)`)));
  {
    await using sql = await openPostgres({ connectionString: new URL(template, url).href, poolSize: 1, log });
    await migrate({ sql, log });
  }
  const closing = opened.move();
  return { url, template, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

import type { Config } from '../../app/config.ts';
import { AlprError } from '../../base/errors.ts';
import { openMetabase } from '../../exchange/metabase/api.ts';
import { provision } from '../../exchange/metabase/provision.ts';
import { REPORTS_ROLE } from '../../store/reports/role.ts';
import { readSecrets } from '../options.ts';

export type MetabaseFlags = Readonly<{
  secrets: string;
  database?: string;
  timeZone?: string;
  withoutPlates?: boolean;
  newPassword?: boolean;
}>;

/** Brings Metabase to what this version asks and prints what was done. */
export async function provisionMetabase(config: Config, url: string, flags: MetabaseFlags): Promise<void> {
  const secrets = await readSecrets(flags.secrets, [
    'METABASE_EMAIL',
    'METABASE_PASSWORD',
    'REPORTS_DATABASE_PASSWORD',
  ]);
  const place = findDatabase(config, flags.database);
  const ask = await openMetabase(url, { email: secrets.METABASE_EMAIL, password: secrets.METABASE_PASSWORD });
  const done = await provision(ask, {
    database: { ...place, user: REPORTS_ROLE, password: secrets.REPORTS_DATABASE_PASSWORD },
    timeZone: checkTimeZone(flags.timeZone ?? config.audit.time_zone),
    withPlates: !flags.withoutPlates,
    newPassword: flags.newPassword ?? false,
  });
  for (const line of done) print(line);
  print(done.length > 0 ? 'Metabase is up to date.' : 'Metabase was up to date already.');
}

function findDatabase({ database }: Config, given: string | undefined) {
  const configured = database.kind === 'postgres' ? database.url : undefined;
  const address = given === undefined ? configured : `postgres://${given}`;
  if (address === undefined || !URL.canParse(address)) {
    throw new AlprError(
      'INPUT_INVALID',
      'Expected --database host:port/name, or database.kind postgres: Metabase cannot reach a database that this program starts itself',
    );
  }
  const { hostname, port, pathname } = new URL(address);
  const isTls = database.kind === 'postgres' && database.tls !== undefined;
  return { host: hostname, port: Number(port || 5432), dbname: decodeURIComponent(pathname.slice(1)), ssl: isTls };
}

/** It stands in statements as it is. */
function checkTimeZone(name: string): string {
  if (/^[A-Za-z0-9_+/-]+$/.test(name)) return name;
  throw new AlprError('INPUT_INVALID', `Expected a time zone such as Europe/Berlin, got ${name}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

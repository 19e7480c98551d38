import path from 'node:path';
import { type AuditKeys, openAuditKeys } from '../audit/keys.ts';
import { requireSameKey } from '../audit/open-audit.ts';
import { type CommandDeed, describeCommand } from '../audit/system-entry.ts';
import { AlprError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { makeFolder } from '../base/make-folder.ts';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import type { Sql } from '../db/sql.ts';
import { ChainWriter } from '../store/audit/chain-writer.ts';
import type { Config } from './config.ts';

/** The audit for one command, which writes down what it does before it does it. */
export type CommandAudit = AsyncDisposable &
  Readonly<{ sql: Sql; keys: AuditKeys; record: (deed: CommandDeed) => Promise<void> }>;

/** Opens the configured database and the keys of the audit. */
export async function openCommandAudit(config: Config, log: Log): Promise<CommandAudit> {
  await makeFolder(config.data, { mode: 0o711 });
  await using opened = new AsyncDisposableStack();
  const { sql } = opened.use(await openDatabase({ config: config.database, dataFolder: config.data, log }));
  await migrate({ sql, log });
  const audit = await createCommandAudit(config, sql);
  const closing = opened.move();
  return { ...audit, sql, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

/** The same over a database that is open. */
export async function createCommandAudit(config: Config, sql: Sql): Promise<Pick<CommandAudit, 'keys' | 'record'>> {
  const folder = path.resolve(config.data, config.audit.key_folder);
  const keys = await openAuditKeys(folder);
  await explainFailure(() => requireSameKey(sql, keys, folder));
  return {
    keys,
    record: (deed) => explainFailure(() => new ChainWriter(sql, keys.plates).append([describeCommand(deed)])),
  };
}

async function explainFailure(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (cause instanceof AlprError && cause.code === 'CONFIG_INVALID') throw cause;
    const why = messageOf(cause);
    throw new AlprError(
      'AUDIT_UNAVAILABLE',
      `Expected to write down what is done before it is done: ${why}. Nothing was done; alpr db status says how the database is`,
      { cause },
    );
  }
}

import path from 'node:path';
import { type AuditKeys, openAuditKeys } from '../audit/keys.ts';
import { requireSameKey } from '../audit/open-audit.ts';
import { type CommandDeed, describeCommand } from '../audit/system-entry.ts';
import { AlprError, messageOf } from '../base/errors.ts';
import type { Sql } from '../db/sql.ts';
import { ChainWriter } from '../store/audit/chain-writer.ts';
import type { Config } from './config.ts';
import { openSharedDatabase } from './open-shared-database.ts';

/** The audit for one command, which writes down what it does before it does it. */
export type CommandAudit = AsyncDisposable &
  Readonly<{ sql: Sql; keys: AuditKeys; record: (deed: CommandDeed) => Promise<void> }>;

/** Opens the configured database, also while the system runs, and the keys of the audit. */
export async function openCommandAudit(config: Config): Promise<CommandAudit> {
  const database = await openSharedDatabase(config);
  try {
    const { sql } = database;
    const audit = await createCommandAudit(config, sql);
    return { ...audit, sql, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
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

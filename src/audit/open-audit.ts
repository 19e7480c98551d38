import path from 'node:path';
import { AlprError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { pause } from '../base/retry.ts';
import type { Sql } from '../db/sql.ts';
import type { AuditEntry, Auditor } from '../identity/audit-entry.ts';
import { ChainWriter } from '../store/audit/chain-writer.ts';
import { addSigningKey, settlePlatesKey } from '../store/audit/checkpoints.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { AuditConfig } from './config.ts';
import { GroupCommit } from './group-commit.ts';
import { type AuditKeys, openAuditKeys } from './keys.ts';
import { type AuditMetrics, createAuditMetrics } from './metrics.ts';
import { describeSystem } from './system-entry.ts';
import { type Upkeep, upkeep } from './upkeep.ts';

/** Entries in one transaction. */
const MOST = 1000;
const ROUND_MS = 30_000;

export type AuditOptions = Readonly<{
  sql: Sql;
  config: AuditConfig;
  dataFolder: string;
  telemetry: Telemetry;
  log: Log;
}>;

/** The audit at work: entries are written, signed, watched and in the end removed. */
export interface Audit extends Auditor, AsyncDisposable {
  readonly config: AuditConfig;
  readonly keys: AuditKeys;
  readonly metrics: AuditMetrics;
  /** What happens now and then anyway: checkpoint, alarms, removal of old entries. */
  upkeep(what?: Upkeep): Promise<void>;
}

/**
 * Opens the audit over a migrated database. CONFIG_INVALID when its plates were encrypted with another key than the one that
 * is here.
 */
export async function openAudit(options: AuditOptions): Promise<Audit> {
  const { sql, config, telemetry, log } = options;
  const folder = path.resolve(options.dataFolder, config.key_folder);
  const keys = await openAuditKeys(folder);
  await requireSameKey(sql, keys, folder);
  const metrics = createAuditMetrics(telemetry);
  const chain = new ChainWriter(sql, keys.plates);
  const writer = new GroupCommit<AuditEntry>(MOST, (entries) => chain.append(entries));
  const audit = {
    config,
    keys,
    metrics,
    record: (entry: AuditEntry) => record(writer, metrics, entry),
    upkeep: (what?: Upkeep) => upkeep({ ...options, folder, keys, metrics, record: audit.record }, what),
  };
  if (await addSigningKey(sql, keys.signing)) {
    await audit.record(describeSystem('newSigningKey', { fingerprint: keys.signing.fingerprint }));
  }
  const rounds = startRounds(audit.upkeep, log);
  return {
    ...audit,
    async [Symbol.asyncDispose]() {
      await rounds[Symbol.asyncDispose]();
      await writer[Symbol.asyncDispose]();
      await audit
        .upkeep({ isLast: true })
        .catch((err: unknown) => log.warn({ err }, 'the last entries are not signed'));
    },
  };
}

async function record(writer: GroupCommit<AuditEntry>, metrics: AuditMetrics, entry: AuditEntry): Promise<void> {
  const end = metrics.write.startTimer();
  try {
    await writer.add(entry);
  } catch (cause) {
    metrics.failures.inc();
    throw new AlprError(
      'AUDIT_UNAVAILABLE',
      `Expected to write down what is done before it is answered: ${messageOf(cause)}. Try again when the database works`,
      { cause },
    );
  }
  end();
  metrics.entries.inc({ action: entry.action });
}

/** CONFIG_INVALID when the plates in the database were encrypted with another key than the one that is here. */
export async function requireSameKey(sql: Sql, { plates }: AuditKeys, folder: string): Promise<void> {
  const known = await settlePlatesKey(sql, plates.fingerprint);
  if (known === plates.fingerprint) return;
  throw new AlprError(
    'CONFIG_INVALID',
    `Expected the key in ${folder} with which the plates in the audit of this database were encrypted, got another one; copy audit-plates.key from the first machine or a backup (audit.key_folder)`,
  );
}

function startRounds(round: () => Promise<void>, log: Log): AsyncDisposable {
  const closing = new AbortController();
  const running = (async () => {
    await pause(ROUND_MS, closing.signal);
    while (!closing.signal.aborted) {
      await round().catch((err: unknown) => log.warn({ err }, 'upkeep of the audit fails; trying again'));
      await pause(ROUND_MS, closing.signal);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}

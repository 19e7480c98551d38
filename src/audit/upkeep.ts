import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeDurably } from '../base/durable-file.ts';
import type { Log } from '../base/log.ts';
import type { Sql } from '../db/sql.ts';
import type { AuditEntry } from '../identity/audit-entry.ts';
import { raiseAlarms, raiseChainAlarm } from '../store/audit/alarms.ts';
import { addCheckpoint, findLastCheckpoint, readPublicKeys } from '../store/audit/checkpoints.ts';
import { cutEntries, findCut } from '../store/audit/cut.ts';
import { readEnd } from '../store/audit/entries.ts';
import { type Checkpoint, isSigned, type Signed, signCheckpoint } from './checkpoint.ts';
import type { AuditConfig } from './config.ts';
import type { AuditKeys } from './keys.ts';
import type { AuditMetrics } from './metrics.ts';
import { describeSystem } from './system-entry.ts';
import { verifyStored } from './verify-stored.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const FILE = 'audit-checkpoint.json';

/** `isLast` signs what there is before the program ends. */
export type Upkeep = Readonly<{ isLast?: boolean; now?: Date }>;

type Context = Readonly<{
  sql: Sql;
  config: AuditConfig;
  folder: string;
  keys: AuditKeys;
  metrics: AuditMetrics;
  log: Log;
  record: (entry: AuditEntry) => Promise<void>;
}>;

/** Looks for alarms, signs the chain when a checkpoint is due, and removes what is old enough. Several processes may do it. */
export async function upkeep(context: Context, { isLast = false, now = new Date() }: Upkeep = {}): Promise<void> {
  const { sql, config, metrics } = context;
  for (const kind of await raiseAlarms(sql, config, now)) metrics.alarms.inc({ kind });
  if (isLast || (await isDue(context, now))) await signEnd(context, now);
  if (!isLast && config.keep_days !== null) await cutOld(context, new Date(now.getTime() - config.keep_days * DAY_MS));
}

async function isDue({ sql, config }: Context, now: Date): Promise<boolean> {
  const last = await findLastCheckpoint(sql);
  return !last || now.getTime() - Date.parse(last.content.at) >= config.checkpoint_minutes * MINUTE_MS;
}

/**
 * Signs the end of the chain, after it has followed the chain from the checkpoint that this program signed last: what was
 * changed since is found, also by whoever can write to the database.
 */
async function signEnd(context: Context, now: Date): Promise<void> {
  const { sql, keys, folder, metrics, log } = context;
  const [end, last] = await Promise.all([readEnd(sql), findLastCheckpoint(sql)]);
  if (end.number === 0 || end.number === last?.content.number) return;
  const own = await readOwnCheckpoint(folder, await readPublicKeys(sql));
  const { fault } = await verifyStored(sql, { since: own, through: end });
  const checkpoint = signCheckpoint(end, keys.signing, now);
  await addCheckpoint(sql, { ...checkpoint, fault: fault?.message ?? null });
  await writeDurably(path.join(folder, FILE), JSON.stringify(checkpoint), 0o600);
  if (!fault) return;
  log.error({ ...fault }, 'the chain of the audit is broken');
  metrics.alarms.inc({ kind: 'chain' });
  await raiseChainAlarm(sql, { message: fault.message, number: fault.number, at: now });
}

/** The checkpoint that this program signed last, as the file beside its keys says; undefined without a sound one. */
export async function readOwnCheckpoint(
  folder: string,
  keys: ReadonlyMap<string, string>,
): Promise<Checkpoint | undefined> {
  try {
    const checkpoint: Signed<Checkpoint> = JSON.parse(await readFile(path.join(folder, FILE), 'utf8'));
    return isSigned(checkpoint, keys) ? checkpoint.content : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      return undefined;
    throw error;
  }
}

/** That entries are removed stands in the chain before they are. */
async function cutOld({ sql, record, log }: Context, before: Date): Promise<void> {
  const cut = await findCut(sql, before);
  if (!cut) return;
  await record(describeSystem('cutAudit', { through: cut.number, hash: cut.hash }));
  const entries = await cutEntries(sql, cut.number);
  log.info({ entries, through: cut.number }, 'old entries of the audit are removed');
}

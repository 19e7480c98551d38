import type { AuditState } from '../contract/api/audit.ts';
import type { Sql } from '../db/sql.ts';
import { findFirstFault, findLastCheckpoint, listSigningKeys } from '../store/audit/checkpoints.ts';
import { findFirst } from '../store/audit/cut.ts';
import { readEnd } from '../store/audit/entries.ts';
import type { AuditConfig } from './config.ts';

/** How far the audit reaches, is signed and was found whole. */
export async function readAuditState(sql: Sql, { keep_days }: Pick<AuditConfig, 'keep_days'>): Promise<AuditState> {
  const [end, first, checkpoint, faulty, keys] = await Promise.all([
    readEnd(sql),
    findFirst(sql),
    findLastCheckpoint(sql),
    findFirstFault(sql),
    listSigningKeys(sql),
  ]);
  return {
    entries: first ? end.number - first.number + 1 : 0,
    first_number: first?.number ?? null,
    last_number: end.number,
    last_hash: end.hash,
    checkpoint: checkpoint?.content ?? null,
    verified_until: (faulty ? faulty.sound_until?.toISOString() : checkpoint?.content.at) ?? null,
    fault: faulty?.fault ?? null,
    keys: keys.map(({ since, ...key }) => ({ ...key, since: since.toISOString() })),
    keep_days,
  };
}

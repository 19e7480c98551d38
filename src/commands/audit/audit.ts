import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Config } from '../../app/config.ts';
import { openCommandAudit } from '../../app/open-command-audit.ts';
import { exportChain } from '../../audit/export-chain.ts';
import { readOwnCheckpoint } from '../../audit/upkeep.ts';
import type { Verdict } from '../../audit/verify-chain.ts';
import { verifyExport } from '../../audit/verify-export.ts';
import { verifyStored } from '../../audit/verify-stored.ts';
import { AlprError } from '../../base/errors.ts';
import { matchesFingerprint } from '../../identity/signing-key.ts';
import { readPublicKeys } from '../../store/audit/checkpoints.ts';
import { formatColumns } from '../format-columns.ts';

export type VerifyFlags = Readonly<{ key?: string; json?: boolean }>;
export type ExportFlags = Readonly<{ from?: Date; to?: Date }>;

/** Checks an export, or the database, and prints what it is and the first broken link; 1 when there is one. */
export async function verifyAudit(config: Config, file: string | undefined, flags: VerifyFlags): Promise<number> {
  const { verdict, fingerprint } = file === undefined ? await verifyDatabase(config) : await verifyFile(file);
  if (flags.key !== undefined && !matchesFingerprint(fingerprint, flags.key)) {
    throw new AlprError('INPUT_INVALID', `Expected the key ${flags.key}, but ${fingerprint} has signed it`);
  }
  const { entries, checkpoints, end, signed, fault } = verdict;
  if (flags.json) {
    print(JSON.stringify({ entries, checkpoints, end, signed: signed ?? null, fingerprint, fault: fault ?? null }));
  } else {
    const signedUntil = signed ? `entry ${signed.number}, ${signed.at}` : 'nothing yet';
    const facts = [
      ['entries', String(entries)],
      ['last entry', String(end.number)],
      ['checkpoints', String(checkpoints)],
      ['signed until', signedUntil],
      ['key', fingerprint],
    ];
    print(formatColumns(facts));
    print(fault ? `\nBROKEN: ${fault.message}.` : '\nThe chain is whole.');
  }
  return fault ? 1 : 0;
}

/** Writes the chain of a span of time to standard output. That it was exported stands in the audit, and in the export. */
export async function exportAudit(config: Config, flags: ExportFlags): Promise<void> {
  await using audit = await openCommandAudit(config);
  await audit.record({ action: 'audit', operation: 'audit export', query: { from: flags.from, to: flags.to } });
  await pipeline(Readable.from(exportChain(audit.sql, audit.keys.signing, flags)), process.stdout, { end: false });
}

type Checked = Readonly<{ verdict: Verdict; fingerprint: string }>;

async function verifyFile(file: string): Promise<Checked> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  const verdict = await verifyExport(lines);
  return { verdict, fingerprint: verdict.head.fingerprint };
}

/** All that the database has, and whether it still has what this machine has signed. */
async function verifyDatabase(config: Config): Promise<Checked> {
  await using audit = await openCommandAudit(config);
  const folder = path.resolve(config.data, config.audit.key_folder);
  const own = await readOwnCheckpoint(folder, await readPublicKeys(audit.sql));
  const whole = await verifyStored(audit.sql);
  const since = own && !whole.fault ? await verifyStored(audit.sql, { since: own }) : undefined;
  return { verdict: { ...whole, fault: whole.fault ?? since?.fault }, fingerprint: audit.keys.signing.fingerprint };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

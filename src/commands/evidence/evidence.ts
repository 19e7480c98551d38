import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { pipeline } from 'node:stream/promises';
import type { Config } from '../../app/config.ts';
import { createCommandAudit } from '../../app/open-command-audit.ts';
import { openSharedDatabase } from '../../app/open-shared-database.ts';
import { VERSION } from '../../app/version.ts';
import { AlprError } from '../../base/errors.ts';
import { streamZip } from '../../base/zip.ts';
import { eventParamsSchema } from '../../contract/api/events.ts';
import { collectEvidence } from '../../evidence/collect-evidence.ts';
import { verifyEvidence } from '../../evidence/verify-evidence.ts';
import { openImages } from '../../images/open.ts';
import { leaveOutServers } from '../../models/config.ts';

export type EvidenceFlags = Readonly<{ out: string }>;
export type VerifyFlags = Readonly<{ key?: string }>;

/** Writes the evidence on an event of the configured database, and says with which key it is signed. */
export async function makeEvidence(config: Config, event: string, { out }: EvidenceFlags): Promise<void> {
  const asked = eventParamsSchema.safeParse({ id: event });
  if (!asked.success) throw new AlprError('INPUT_INVALID', `Expected the id of an event, got "${event}"`);
  const { id } = asked.data;
  await using opened = new AsyncDisposableStack();
  const { sql } = opened.use(await openSharedDatabase(config));
  const images = opened.use(await openImages({ config: config.images, dataFolder: config.data }));
  const audit = await createCommandAudit(config, sql);
  const { signing } = audit.keys;
  const settings = { vision: config.vision, models: leaveOutServers(config.models) };
  const system = { program: `ovr-alpr ${VERSION}`, models: [], settings };
  const by = `${userInfo().username} (command line)`;
  const files = await collectEvidence({ sql, images, signing, system }, { eventId: id, scope: undefined, by });
  await audit.record({ action: 'export', operation: 'evidence', query: { event: id }, results: 1 });
  await pipeline(streamZip(files), createWriteStream(out, { flags: 'wx' })).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    throw new AlprError('CONFLICT', `Expected no ${out} yet; name another file, or remove it`, { cause });
  });
  process.stdout.write(`${out} is signed with the key ${signing.fingerprint}\n`);
}

/** Prints what was changed in a zip of evidence; 1 when anything was. */
export async function checkEvidence(file: string, { key }: VerifyFlags): Promise<number> {
  const { manifest, fingerprint, faults } = verifyEvidence(await readFile(file), key);
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  if (faults.length > 0) return 1;
  const { event_id, made_at, made_by, files, missing } = manifest;
  const gone = missing.length === 0 ? '' : `, ${missing.length} pictures were not there`;
  process.stdout.write(`Nothing was changed. Event ${event_id}: ${files.length} files${gone}\n`);
  process.stdout.write(`Made by ${made_by} on ${made_at}\n`);
  const advice = key === undefined ? '; compare it with that of the system, which --key does' : '';
  process.stdout.write(`Signed with the key ${fingerprint}${advice}\n`);
  return 0;
}

import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyStored } from '../../src/audit/verify-stored.ts';
import { auditQuerySchema } from '../../src/contract/api/audit.ts';
import { listEntries } from '../../src/store/audit/list-entries.ts';
import { destroyPlateKey } from '../../src/store/audit/plate-keys.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeEntry, openTestAudit } from './make-entry.ts';

const DAY_MS = 86_400_000;

let database: TestDatabase;
let audit: Awaited<ReturnType<typeof openTestAudit>>;

beforeAll(async () => {
  database = await openTestDatabase();
  audit = await openTestAudit(database.sql, { keep_days: 30 });
});
afterAll(async () => {
  await audit[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const find = async (plate?: string) => {
  const query = auditQuerySchema.parse({ operation: 'searchEvents', plate });
  return (await listEntries(database.sql, audit.keys.plates, query)).entries;
};

test('who searched for a plate is found however it is written; once it is erased nobody can read it and the chain is whole', async () => {
  await audit.record(makeEntry({ plates: ['ab-12 cd'] }));
  await audit.record(makeEntry({ plates: ['XY99', 'AB12CD'] }));
  expect((await find('AB 12 CD')).map(({ plates }) => plates)).toEqual([['XY99', 'AB12CD'], ['AB12CD']]);
  const stored = await database.sql.query<{ row: string }>(
    "SELECT entry::text || plate_keys::text AS row FROM audit_entries UNION ALL SELECT encode(plate_hash || wrapped, 'escape') FROM audit_plate_keys",
  );
  expect(stored.map(({ row }) => row).join('\n')).not.toMatch(/AB12CD|XY99/);

  expect(await destroyPlateKey(database.sql, audit.keys.plates, 'ab12cd')).toBe(true);
  expect(await destroyPlateKey(database.sql, audit.keys.plates, 'ab12cd')).toBe(false);
  expect(await find('AB12CD')).toEqual([]);
  expect((await find()).map(({ plates }) => plates)).toEqual([['XY99', null], [null]]);
  expect(await verifyStored(database.sql)).toMatchObject({ entries: 3, fault: undefined });

  await audit.record(makeEntry({ plates: ['AB12CD'] }));
  expect((await find()).map(({ plates }) => plates)).toEqual([['AB12CD'], ['XY99', null], [null]]);
});

test('old entries are removed up to a checkpoint, with the keys of their plates, and the rest verifies', async () => {
  const now = new Date('2026-11-30T10:00:00Z');
  await database.sql.query("UPDATE audit_head SET number = 0, hash = decode(repeat('00', 32), 'hex')");
  for (const table of ['entries', 'checkpoints', 'plate_keys']) await database.sql.query(`DELETE FROM audit_${table}`);
  for (const daysAgo of [60, 50, 40, 20, 10]) {
    const at = new Date(now.getTime() - daysAgo * DAY_MS);
    await audit.record(makeEntry({ at, plates: [`D${daysAgo}`, 'EVERYDAY'] }));
    if (daysAgo !== 40) await audit.upkeep({ isLast: true, now: at });
  }
  await audit.upkeep({ now });
  // The entry of 40 days ago is only signed together with that of 20 days ago.
  expect((await find()).map(({ number, plates }) => [number, plates[0]])).toEqual([
    [5, 'D10'],
    [4, 'D20'],
    [3, 'D40'],
  ]);
  expect(await database.sql.query('SELECT count(*)::int AS keys FROM audit_plate_keys')).toEqual([{ keys: 4 }]);
  expect(await verifyStored(database.sql)).toMatchObject({ entries: 4, end: { number: 6 }, fault: undefined });
  await database.sql.query('DELETE FROM audit_entries WHERE number = 3');
  expect((await verifyStored(database.sql)).fault).toMatchObject({ kind: 'removed', number: 3 });
});

test('another key than that of the database, and a key that others may read, are refused', async () => {
  const file = join(audit.dataFolder, 'audit-plates.key');
  await expect(openTestAudit(database.sql)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('copy audit-plates.key from the first machine'),
  });
  await (await openTestAudit(database.sql, {}, audit.dataFolder))[Symbol.asyncDispose]();
  await chmod(file, 0o644);
  await expect(openTestAudit(database.sql, {}, audit.dataFolder)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  await rm(file);
  await expect(openTestAudit(database.sql, {}, audit.dataFolder)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { canonicalize, hashText } from '../../src/audit/canonical.ts';
import { exportChain } from '../../src/audit/export-chain.ts';
import { verifyExport } from '../../src/audit/verify-export.ts';
import { verifyStored } from '../../src/audit/verify-stored.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { makeEntry, openTestAudit } from './make-entry.ts';

const TABLES = ['audit_entries', 'audit_checkpoints', 'audit_head', 'audit_keys'];

let database: TestDatabase;
let audit: Awaited<ReturnType<typeof openTestAudit>>;
let lines: readonly string[];

/** 30 entries, signed after the 11th and the 21st: the first is that of the key. */
beforeAll(async () => {
  database = await openTestDatabase();
  audit = await openTestAudit(database.sql);
  for (let part = 0; part < 3; part += 1) {
    for (let index = 0; index < 10; index += 1) {
      await audit.record(makeEntry({ plates: [`AB${index}`], results: 10 * part + index }));
    }
    if (part < 2) await audit.upkeep({ isLast: true });
  }
  lines = await Array.fromAsync(exportChain(database.sql, audit.keys.signing, {}));
  for (const table of TABLES) await database.sql.query(`CREATE TABLE saved_${table} AS TABLE ${table}`);
});
afterAll(async () => {
  await audit[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

describe('In the database', () => {
  beforeEach(async () => {
    for (const table of TABLES) {
      await database.sql.query(`DELETE FROM ${table}`);
      await database.sql.query(`INSERT INTO ${table} SELECT * FROM saved_${table}`);
    }
  });

  const tamper = async (...statements: readonly string[]) => {
    for (const statement of statements) await database.sql.query(statement);
    return (await verifyStored(database.sql)).fault;
  };
  const changed = (number: number, from: string, to: string) =>
    `UPDATE audit_entries SET entry = replace(entry::text, '${from}', '${to}')::json WHERE number = ${number}`;

  test('the chain is whole as it was written, and signed twice', async () => {
    expect(await verifyStored(database.sql)).toMatchObject({
      entries: 31,
      checkpoints: 2,
      end: { number: 31 },
      signed: { number: 21 },
      fault: undefined,
    });
  });

  test('an entry that was changed is named', async () => {
    expect(await tamper(changed(5, 'Ada', 'Bob'))).toEqual({
      kind: 'changed',
      number: 5,
      message: 'Entry 5 was changed: its hash is another',
    });
  });

  test('an entry that was changed together with its hash breaks the link to the next', async () => {
    const [row] = await database.sql.query<{ text: string }>(
      'SELECT entry::text AS text FROM audit_entries WHERE number = 5',
    );
    const forged = canonicalize(JSON.parse(row?.text.replace('Ada', 'Bob') ?? ''));
    const hash = hashText(forged);
    expect(
      await tamper(changed(5, 'Ada', 'Bob'), `UPDATE audit_entries SET hash = '\\x${hash}' WHERE number = 5`),
    ).toEqual({
      kind: 'inserted',
      number: 6,
      message: 'Entry 6 was put in or exchanged: it does not follow entry 5',
    });
  });

  test('entries that were removed are named', async () => {
    expect(await tamper('DELETE FROM audit_entries WHERE number IN (14, 15)')).toEqual({
      kind: 'removed',
      number: 14,
      message: 'Entries 14 to 15 were removed',
    });
    expect(await tamper('DELETE FROM audit_entries WHERE number = 11')).toMatchObject({ kind: 'removed', number: 11 });
  });

  test('first entries that were removed are named, also where the rest begins after a checkpoint', async () => {
    expect(await tamper('DELETE FROM audit_entries WHERE number <= 11')).toEqual({
      kind: 'removed',
      number: 1,
      message: 'Of the entries 1 to 11 some were removed, and no entry says so',
    });
    expect(await tamper('DELETE FROM audit_checkpoints', 'DELETE FROM audit_entries WHERE number < 5')).toMatchObject({
      kind: 'removed',
      number: 1,
    });
  });

  test('an entry that was put in another place is named', async () => {
    const swap = [
      'UPDATE audit_entries SET number = 99 WHERE number = 7',
      'UPDATE audit_entries SET number = 7 WHERE number = 8',
    ];
    expect(await tamper(...swap, 'UPDATE audit_entries SET number = 8 WHERE number = 99')).toEqual({
      kind: 'reordered',
      number: 7,
      message: 'Entry 7 is in another place: entry 8 stands there',
    });
  });

  test('an end that was cut off is named', async () => {
    const cut = 'DELETE FROM audit_entries WHERE number > 19';
    expect(await tamper(cut)).toEqual({
      kind: 'truncated',
      number: 20,
      message: 'The end was cut off: entries 20 to 31 are missing',
    });
    const head = 'UPDATE audit_head SET (number, hash) = (SELECT number, hash FROM audit_entries WHERE number = 19)';
    expect(await tamper(head)).toEqual({
      kind: 'truncated',
      number: 20,
      message: 'The end was cut off: entries 20 to 21 are missing',
    });
  });

  test('whoever removes the checkpoints with the end is found out by what this machine has signed', async () => {
    await database.sql.query('DELETE FROM audit_entries WHERE number > 15');
    await database.sql.query('DELETE FROM audit_checkpoints WHERE number > 15');
    const head = 'UPDATE audit_head SET (number, hash) = (SELECT number, hash FROM audit_entries WHERE number = 15)';
    expect(await tamper(head)).toBeUndefined();
    await audit.record(makeEntry());
    await audit.upkeep({ isLast: true });
    const [alarm] = await database.sql.query<{ kind: string; message: string }>(
      'SELECT kind, message FROM audit_alarms',
    );
    expect(alarm).toMatchObject({ kind: 'chain', message: expect.stringContaining('entries up to 21 were signed') });
  });

  test('a checkpoint that was changed or signed by another key is named', async () => {
    expect(await tamper("UPDATE audit_checkpoints SET at = at - interval '1 day' WHERE number = 21")).toMatchObject({
      kind: 'signature',
      number: 21,
    });
  });
});

describe('In an export', () => {
  async function* lineByLine(some: readonly string[]) {
    yield* some;
  }
  const faultOf = async (some: readonly string[]) => (await verifyExport(lineByLine(some))).fault;
  /** The line of an entry; the first line says what the file is, and a checkpoint is one more. */
  const at = (number: number) => lines.findIndex((line) => line.includes(`"number":${number},"operation"`));

  test('the chain is whole, and has the plates encrypted alone', async () => {
    expect(await verifyExport(lineByLine(lines))).toMatchObject({ entries: 31, checkpoints: 2, fault: undefined });
    expect(lines.join('')).not.toContain('AB3');
  });

  test('what was changed, removed, inserted, put elsewhere or cut off is named', async () => {
    const change = lines.map((line, index) => (index === at(9) ? line.replace('"results":7', '"results":8') : line));
    const removed = lines.toSpliced(at(9), 1);
    const inserted = lines.toSpliced(at(9), 0, lines[at(8)] ?? '');
    const moved = lines.toSpliced(at(9), 1).toSpliced(at(12), 0, lines[at(9)] ?? '');
    expect(await faultOf(change)).toMatchObject({ kind: 'changed', number: 9 });
    expect(await faultOf(removed)).toMatchObject({ kind: 'removed', number: 9 });
    expect(await faultOf(inserted)).toMatchObject({ kind: 'inserted', number: 8 });
    expect(await faultOf(moved)).toMatchObject({ kind: 'reordered', number: 9 });
    expect(await faultOf(lines.slice(0, -3))).toMatchObject({ kind: 'truncated', number: 29 });
    expect(await faultOf(lines.with(0, (lines[0] ?? '').replace('"number":31', '"number":28')))).toMatchObject({
      kind: 'signature',
    });
  });

  test('a chain that was written anew from one entry on contradicts its next checkpoint', async () => {
    let previous = '';
    const forged = lines.map((line, index) => {
      const content = JSON.parse(line);
      if (index < at(9) || content.entry === undefined) return line;
      if (index === at(9)) content.entry.who.name = 'Bob';
      else content.entry.previous = previous;
      previous = hashText(canonicalize(content.entry));
      return canonicalize({ entry: content.entry, hash: previous });
    });
    expect(await faultOf(forged)).toMatchObject({
      kind: 'rewritten',
      number: 1,
      message: expect.stringContaining('1 to 11'),
    });
  });

  test('a part of the chain is checked by itself', async () => {
    // Later than the entry of the key, which has the time of the run.
    const [from, to] = [new Date('2200-01-01T11:00:00Z'), new Date('2200-01-01T12:00:00Z')];
    await audit.record(makeEntry({ at: from }));
    await audit.record(makeEntry({ at: to }));
    const part = await Array.fromAsync(exportChain(database.sql, audit.keys.signing, { from, to }));
    expect(await verifyExport(lineByLine(part))).toMatchObject({ entries: 1, fault: undefined });
  });
});

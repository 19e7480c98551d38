import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { HEADER_BYTES } from '../../src/edge/segment.ts';
import { Spool, type SpoolOptions } from '../../src/edge/spool.ts';

const log = createLog({ level: 'silent' });
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-'));
});

afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

const openSpool = (segmentBytes = 1_000_000, more: Partial<SpoolOptions> = {}) =>
  Spool.open({ folder, segmentBytes, log, ...more });
const textsOf = async (spool: Spool, most = 10_000) =>
  (await spool.peek(most)).map((entry) => Buffer.from(entry.payload).toString());
const segments = async () => (await readdir(folder)).filter((name) => name.endsWith('.spool')).sort();
const acknowledgeAll = async (spool: Spool) => spool.acknowledge((await spool.peek(10_000)).at(-1)?.id as number);

async function appendAll(spool: Spool, texts: readonly string[]): Promise<void> {
  await Promise.all(texts.map((text) => spool.append(Buffer.from(text))));
}

/** Takes everything out as a publisher does, in portions. */
async function drain(spool: Spool, portion: number): Promise<string[]> {
  const texts: string[] = [];
  while (spool.waiting > 0) {
    const entries = await spool.peek(portion);
    texts.push(...entries.map(({ payload }) => Buffer.from(payload).toString()));
    await spool.acknowledge(entries.at(-1)?.id as number);
  }
  return texts;
}

describe('The spool', () => {
  test('hands out what was appended, in order, also after being opened again', async () => {
    {
      await using spool = await openSpool();
      await appendAll(spool, ['a', 'b', 'c']);
      expect(await textsOf(spool)).toEqual(['a', 'b', 'c']);
    }
    await using again = await openSpool();
    expect(await textsOf(again)).toEqual(['a', 'b', 'c']);
  });

  test('forgets what was acknowledged and nothing else', async () => {
    {
      await using spool = await openSpool();
      await appendAll(spool, ['a', 'b', 'c']);
      await spool.acknowledge((await spool.peek(2))[1]?.id as number);
      expect(await textsOf(spool)).toEqual(['c']);
    }
    await using again = await openSpool();
    expect(await textsOf(again)).toEqual(['c']);
    await appendAll(again, ['d']);
    expect(await textsOf(again)).toEqual(['c', 'd']);
  });

  test('removes segment files whose entries are all acknowledged', async () => {
    await using spool = await openSpool(64);
    for (const text of ['one', 'two', 'three', 'four', 'five', 'six']) await spool.append(Buffer.from(text.repeat(12)));
    expect((await segments()).length).toBeGreaterThan(3);
    await acknowledgeAll(spool);
    expect(await segments()).toHaveLength(1);
    expect(spool.waiting).toBe(0);
  });

  test.each([[7], [500], [5000]])(
    'hands out far more than is kept in memory in order, %i at a time',
    async (portion) => {
      const texts = Array.from({ length: 12_000 }, (_, at) => `entry ${at}`);
      {
        await using spool = await openSpool(30_000);
        await appendAll(spool, texts.slice(0, 9000));
      }
      await using again = await openSpool(30_000);
      const drained = drain(again, portion);
      await appendAll(again, texts.slice(9000));
      expect([...(await drained), ...(await drain(again, portion))]).toEqual(texts);
    },
  );

  test('is not touched by a clock that jumps backwards and forwards', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const texts = ['2026', '1970', '2099', '2000'];
    for (const year of texts) {
      vi.setSystemTime(Date.UTC(Number(year), 0, 1));
      await using spool = await openSpool(10);
      await spool.append(Buffer.from(year));
    }
    await using again = await openSpool(10);
    expect(await textsOf(again)).toEqual(texts);
  });

  test('refuses to append once closed', async () => {
    const spool = await openSpool();
    await spool[Symbol.asyncDispose]();
    await expect(spool.append(Buffer.from('late'))).rejects.toMatchObject({ code: 'SPOOL_FAILED' });
  });
});

describe('A spool that is not as it was left', () => {
  test('cuts a torn last record off and keeps every whole one', async () => {
    {
      await using spool = await openSpool();
      await appendAll(spool, ['first', 'second', 'third']);
    }
    const [name] = await segments();
    await truncate(join(folder, name as string), 3 * HEADER_BYTES + 'firstsecondth'.length);
    {
      await using again = await openSpool();
      expect(await textsOf(again)).toEqual(['first', 'second']);
      await appendAll(again, ['fourth']);
    }
    await using third = await openSpool();
    expect(await textsOf(third)).toEqual(['first', 'second', 'fourth']);
    expect(third.damagedRecords).toBe(0);
  });

  test('stops at garbage behind the records and goes on appending', async () => {
    {
      await using spool = await openSpool();
      await appendAll(spool, ['sound']);
    }
    await appendFile(join(folder, (await segments())[0] as string), Buffer.alloc(100, 0xff));
    await using again = await openSpool();
    await appendAll(again, ['next']);
    expect(await textsOf(again)).toEqual(['sound', 'next']);
  });

  test('keeps every record around a damaged one, counts it and keeps the file aside', async () => {
    {
      await using spool = await openSpool();
      await appendAll(spool, ['first', 'second', 'third']);
    }
    const file = join(folder, (await segments())[0] as string);
    const bytes = await readFile(file);
    const damaged = HEADER_BYTES + 'first'.length + HEADER_BYTES;
    bytes.writeUInt8(bytes.readUInt8(damaged) ^ 1, damaged);
    await writeFile(file, bytes);
    for (let opened = 0; opened < 2; opened++) {
      await using again = await openSpool();
      expect(await textsOf(again)).toEqual(['first', 'third']);
      expect(again.damagedRecords).toBe(1);
    }
    expect(await readFile(`${file}.damaged`)).toEqual(bytes);
  });

  test('counts what is missing at the end of an older file', async () => {
    {
      await using spool = await openSpool(16);
      for (const text of ['older-entry', 'newer-entry']) await spool.append(Buffer.from(text));
    }
    await truncate(join(folder, (await segments())[0] as string), 10);
    await using again = await openSpool(16);
    expect(await textsOf(again)).toEqual(['newer-entry']);
    expect((await readdir(folder)).filter((name) => name.endsWith('.damaged'))).toHaveLength(1);
  });

  test.each([
    ['lost', undefined],
    ['empty', ''],
    ['torn', '{"acknow'],
    ['of another number', '{"acknowledged":1,"sum":5}'],
    ['behind all records', `{"acknowledged":99,"sum":${crc32('99')}}`],
  ])('hands everything out again when its position file is %s', async (_, text) => {
    {
      await using spool = await openSpool();
      await appendAll(spool, ['a', 'b']);
      await spool.acknowledge((await spool.peek(1))[0]?.id as number);
    }
    if (text === undefined) await rm(join(folder, 'position.json'));
    else await writeFile(join(folder, 'position.json'), text);
    await using again = await openSpool();
    expect(await textsOf(again)).toEqual(['a', 'b']);
  });

  test('takes over the files of version 0.1.0', async () => {
    const record = (text: string) => {
      const header = Buffer.alloc(8);
      header.writeUInt32LE(text.length, 0);
      header.writeUInt32LE(crc32(text), 4);
      return Buffer.concat([header, Buffer.from(text)]);
    };
    await writeFile(join(folder, '000000000041.seg'), Buffer.concat(['a', 'b', 'c'].map(record)));
    await writeFile(join(folder, '000000000044.seg'), Buffer.concat([record('d'), record('torn').subarray(0, 9)]));
    await writeFile(join(folder, 'position.json'), '{"acknowledged":41}');
    await using spool = await openSpool();
    await appendAll(spool, ['e']);
    expect(await textsOf(spool)).toEqual(['b', 'c', 'd', 'e']);
    expect((await readdir(folder)).filter((name) => name.endsWith('.seg'))).toEqual([]);
  });
});

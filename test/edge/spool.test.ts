import { appendFile, mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { Spool } from '../../src/edge/spool.ts';

const log = createLog('silent');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const openSpool = (segmentBytes = 1_000_000) => Spool.open({ folder, segmentBytes, log });
const textOf = (spool: Spool) => spool.pending.map((entry) => Buffer.from(entry.payload).toString());
const segments = async () => (await readdir(folder)).filter((name) => name.endsWith('.seg')).sort();

async function appendAll(spool: Spool, texts: readonly string[]): Promise<void> {
  await Promise.all(texts.map((text) => spool.append(Buffer.from(text))));
}

describe('The spool', () => {
  test('hands out what was appended, in order, also after being opened again', async () => {
    {
      await using spool = await openSpool();
      await appendAll(spool, ['a', 'b', 'c']);
      expect(textOf(spool)).toEqual(['a', 'b', 'c']);
    }
    await using again = await openSpool();
    expect(textOf(again)).toEqual(['a', 'b', 'c']);
  });

  test('forgets what was acknowledged and nothing else', async () => {
    {
      await using spool = await openSpool();
      await appendAll(spool, ['a', 'b', 'c']);
      await spool.acknowledge(spool.pending[1]?.id as number);
      expect(textOf(spool)).toEqual(['c']);
    }
    await using again = await openSpool();
    expect(textOf(again)).toEqual(['c']);
    await appendAll(again, ['d']);
    expect(textOf(again)).toEqual(['c', 'd']);
  });

  test('removes segment files whose entries are all acknowledged', async () => {
    await using spool = await openSpool(64);
    for (const text of ['one', 'two', 'three', 'four', 'five', 'six']) await spool.append(Buffer.from(text.repeat(12)));
    expect((await segments()).length).toBeGreaterThan(3);
    await spool.acknowledge(spool.pending.at(-1)?.id as number);
    expect(await segments()).toHaveLength(1);
  });

  test('cuts a torn last record off and keeps every whole one', async () => {
    {
      await using spool = await openSpool();
      await appendAll(spool, ['first', 'second', 'third']);
    }
    const [name] = await segments();
    await truncate(join(folder, name as string), 8 + 5 + 8 + 6 + 8 + 2);
    await using again = await openSpool();
    expect(textOf(again)).toEqual(['first', 'second']);
    await appendAll(again, ['fourth']);
    await again[Symbol.asyncDispose]();
    await using third = await openSpool();
    expect(textOf(third)).toEqual(['first', 'second', 'fourth']);
  });

  test('stops at garbage behind the records and goes on appending', async () => {
    {
      await using spool = await openSpool();
      await appendAll(spool, ['sound']);
    }
    await appendFile(join(folder, (await segments())[0] as string), Buffer.alloc(100, 0xff));
    await using again = await openSpool();
    await appendAll(again, ['next']);
    expect(textOf(again)).toEqual(['sound', 'next']);
  });

  test('keeps a damaged older segment aside instead of throwing its rest away', async () => {
    {
      await using spool = await openSpool(16);
      for (const text of ['older-entry', 'newer-entry']) await spool.append(Buffer.from(text));
    }
    const [older] = await segments();
    await truncate(join(folder, older as string), 10);
    await using again = await openSpool(16);
    expect(textOf(again)).toEqual(['newer-entry']);
    expect((await readdir(folder)).filter((name) => name.endsWith('.damaged'))).toHaveLength(1);
  });

  test('hands everything out again when its position file is lost', async () => {
    {
      await using spool = await openSpool();
      await appendAll(spool, ['a', 'b']);
      await spool.acknowledge(spool.pending[0]?.id as number);
    }
    await rm(join(folder, 'position.json'));
    await using again = await openSpool();
    expect(textOf(again)).toEqual(['a', 'b']);
  });

  test('takes a thousand simultaneous appends in order', async () => {
    await using spool = await openSpool(4096);
    const texts = Array.from({ length: 1000 }, (_, at) => `entry ${at}`);
    await appendAll(spool, texts);
    await spool[Symbol.asyncDispose]();
    await using again = await openSpool(4096);
    expect(textOf(again)).toEqual(texts);
  });

  test('refuses to append once closed', async () => {
    const spool = await openSpool();
    await spool[Symbol.asyncDispose]();
    await expect(spool.append(Buffer.from('late'))).rejects.toMatchObject({ code: 'SPOOL_FAILED' });
  });
});

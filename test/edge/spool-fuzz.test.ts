import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { createRandom } from '../../src/base/random.ts';
import { scanRecords } from '../../src/edge/segment.ts';
import { Spool } from '../../src/edge/spool.ts';
import { THOROUGH } from '../thorough.ts';
import { damage, findFault, makeRecords } from './spool-damage.ts';

const FILES = THOROUGH ? 10_000 : 2000;
const FOLDERS = THOROUGH ? 150 : 40;

test(`Of ${FILES} damaged files every byte is a record as it was written or counted as damaged`, () => {
  const { below: random } = createRandom(1);
  for (let at = 0; at < FILES; at++) {
    const records = makeRecords(random);
    const bytes = damage(Buffer.concat([...records.values()]), random);
    expect(findFault(records, bytes, scanRecords(bytes)), `file ${at}`).toBeUndefined();
  }
});

test('A file without damage is read whole', () => {
  const { below: random } = createRandom(2);
  for (let at = 0; at < 1000; at++) {
    const records = makeRecords(random);
    const scan = scanRecords(Buffer.concat([...records.values()]));
    expect(scan.damagedBytes).toBe(0);
    expect(scan.records.map(({ id }) => id)).toEqual([...records.keys()]);
  }
});

test('A single turned bit costs the record it is in and no other', () => {
  const { below: random } = createRandom(3);
  for (let at = 0; at < 2000; at++) {
    const records = makeRecords(random);
    const bytes = Buffer.concat([...records.values()]);
    const place = random(bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << random(8));
    const { records: read, damagedBytes } = scanRecords(bytes);
    expect(read.length).toBe(records.size - 1);
    expect(damagedBytes).toBeGreaterThan(0);
  }
});

test(`${FOLDERS} damaged folders open, take new entries, and open again with the same`, async () => {
  const { below: random } = createRandom(4);
  for (let at = 0; at < FOLDERS; at++) {
    const folder = await mkdtemp(join(tmpdir(), 'spool-'));
    try {
      for (let files = 1 + random(3), first = 1; files > 0; files--, first += 20 + random(2000)) {
        const bytes = Buffer.concat([...makeRecords(random, first).values()]);
        const name = `${String(first).padStart(12, '0')}.${random(8) === 0 ? 'seg' : 'spool'}`;
        await writeFile(join(folder, name), damage(bytes, random));
      }
      if (random(2) === 0)
        await writeFile(join(folder, 'position.json'), damage(Buffer.from('{"acknowledged":3}'), random));
      const first = await readAll(folder);
      expect(first.at(-1)).toBe('new');
      expect(await readAll(folder)).toEqual([...first, 'new']);
      expect((await readdir(folder)).filter((name) => /\.(new|part)$/.test(name))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
});

async function readAll(folder: string): Promise<readonly string[]> {
  await using spool = await Spool.open({ folder, segmentBytes: 1_000_000, log: createLog({ level: 'silent' }) });
  await spool.append(Buffer.from('new'));
  return (await spool.peek(100_000)).map(({ payload }) => Buffer.from(payload).toString('latin1'));
}

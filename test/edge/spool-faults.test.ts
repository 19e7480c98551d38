import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { Spool } from '../../src/edge/spool.ts';
import { THOROUGH } from '../thorough.ts';

const WRITER = join(import.meta.dirname, 'spool-writer.ts');
const KILLS = THOROUGH ? 8 : 4;
const execute = promisify(execFile);
const log = createLog({ level: 'silent' });
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The numbers after each word of what the writer said; a last line that the kill has torn is left out. */
function numbersOf(output: string, word: string): number[] {
  const lines = output.slice(0, output.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line.startsWith(`${word} `)).map((line) => Number(line.split(' ')[1]));
}

const textOf = (payload: Uint8Array) => Buffer.from(payload).toString();

/** All numbers in the spool, read out of a copy; the spool itself hands out a few thousand at a time. */
async function readNumbers(): Promise<number[]> {
  const copy = `${folder}-copy`;
  await cp(folder, copy, { recursive: true });
  const numbers: number[] = [];
  {
    await using spool = await Spool.open({ folder: copy, segmentBytes: 20_000, log });
    expect(spool.damagedRecords).toBe(0);
    for (let entries = await spool.peek(1000); entries.length > 0; entries = await spool.peek(1000)) {
      numbers.push(...entries.map(({ payload }) => Number.parseInt(textOf(payload), 10)));
      await spool.acknowledge(entries.at(-1)?.id ?? 0);
    }
  }
  await rm(copy, { recursive: true });
  return numbers;
}

test(`A process that is killed ${KILLS} times at any moment loses nothing that was safe, in order`, async () => {
  const [kept, sent] = [new Set<number>(), new Set<number>()];
  for (let round = 0; round < KILLS; round++) {
    const child = spawn(process.execPath, [WRITER, folder, String(Math.max(-1, ...kept) + 1000)]);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await once(child.stdout, 'data');
    await sleep(20 + 90 * (round % 4));
    child.kill('SIGKILL');
    await once(child, 'close');
    for (const number of numbersOf(output, 'kept')) kept.add(number);
    for (const number of numbersOf(output, 'sent')) sent.add(number);
    const left = await readNumbers();
    expect(left).toEqual(left.toSorted((a, b) => a - b));
    const there = new Set(left);
    expect([...kept].filter((number) => !there.has(number) && !sent.has(number))).toEqual([]);
  }
  expect(kept.size).toBeGreaterThan(100);
});

/** Runs the writer, after `prefix`, until it has written so many events of a kilobyte or its disk is full; what it said. */
function fill(prefix: readonly string[], events: number): string {
  const [file = '', ...args] = [...prefix, process.execPath, WRITER, folder, '0', '1000', String(events)];
  return execFileSync(file, args, { encoding: 'utf8' });
}

/** A file system of 300 kB on the folder, for that process alone. */
function onSmallDisk(first: string): readonly string[] {
  const mount = `mount -t tmpfs -o size=300k none "$0" && ${first} && "$@"`;
  return ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', mount, folder];
}

const mounts = await execute('unshare', ['--user', '--map-root-user', '--mount', 'true']).then(
  () => true,
  () => false,
);

describe('On a full disk', () => {
  test.skipIf(!mounts && !process.env.CI)(
    'the oldest events are given up by whole files and counted, and the newest are kept (skipped where no small file system can be mounted)',
    () => {
      const output = fill(onSmallDisk('true'), 5000);
      expect(output).not.toContain('full');
      const lost = numbersOf(output, 'lost').reduce((sum, one) => sum + one, 0);
      const left = numbersOf(output, 'left');
      // 300 kB hold less than 300 events, and more than 100 in files of 20 kB.
      expect(left.length).toBeGreaterThan(100);
      expect(left.length).toBeLessThan(300);
      expect(left).toEqual(left.map((_, at) => 5000 - left.length + at));
      expect(lost + left.length).toBe(5000);
    },
  );

  test.skipIf(!mounts && !process.env.CI)(
    'what is worth less than events is given up before any of them (skipped where no small file system can be mounted)',
    () => {
      const output = fill(onSmallDisk('head -c 200000 /dev/zero > "$0/ballast"'), 200);
      expect(output.match(/freed/g)).toHaveLength(1);
      expect(output).not.toMatch(/lost|full/);
      expect(numbersOf(output, 'left')).toEqual(Array.from({ length: 200 }, (_, at) => at));
    },
  );

  test('an event that finds no room at all is refused, and those before it stay', async () => {
    // No file may grow beyond 10 blocks, of which a shell makes 512 bytes or a kilobyte each, and nothing can be given up.
    const output = fill(['sh', '-c', 'ulimit -f 10; trap "" XFSZ; exec "$@"', 'sh'], 20_000);
    expect(output).toContain('full');
    const kept = numbersOf(output, 'kept');
    expect(kept).not.toHaveLength(0);
    expect(numbersOf(output, 'left')).toEqual(kept);
  });
});

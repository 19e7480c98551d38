import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, open as openFile, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createLog } from '../../src/base/log.ts';
import { createRandom, type Random } from '../../src/base/random.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import { Spool } from '../../src/edge/spool.ts';
import { makeEvents } from '../backend/store.ts';
import { printRows, type Row } from '../row.ts';
import { SqliteSpool } from './sqlite-spool.ts';

const BLOCKS = 20;
const STARTS = 3;
const MANY = 50_000;
const DAMAGES = 40;
/** Entries of the files that are damaged, at most. */
const MOST_COUNTED = 2000;
const DISK_BYTES = 8_000_000;
const log = createLog({ level: 'silent' });
const payloads = makeEvents(MANY).map(encodeEvent);

type Store = Readonly<{
  append(payload: Uint8Array): Promise<void>;
  /** Takes all out as the publisher does. */
  drain(): Promise<number>;
  countWhole(): Promise<number>;
  givenUp(): number;
}> &
  AsyncDisposable;

type Open = (folder: string) => Promise<Store>;

/** The spool's own files and SQLite (one table, written ahead, synced at each commit), by turns in one run. */
const KINDS: Readonly<Record<string, Open>> = { files: openFiles, SQLite: openSqlite };

async function openFiles(folder: string): Promise<Store> {
  let given = 0;
  const onGivenUp = (events: number) => {
    given += events;
  };
  const spool = await Spool.open({
    folder,
    segmentBytes: 8_000_000 / (folder.includes('full') ? 16 : 1),
    log,
    onGivenUp,
  });
  return {
    append: (payload) => spool.append(payload),
    drain: async () => {
      let taken = 0;
      while (spool.waiting > 0) {
        const entries = await spool.peek(500);
        taken += entries.length;
        await spool.acknowledge(entries.at(-1)?.id ?? 0);
      }
      return taken;
    },
    countWhole: async () => (await spool.peek(MANY)).length,
    givenUp: () => given,
    [Symbol.asyncDispose]: () => spool[Symbol.asyncDispose](),
  };
}

async function openSqlite(folder: string): Promise<Store> {
  const spool = new SqliteSpool(folder);
  return {
    append: (payload) => spool.append(payload),
    drain: async () => {
      let taken = 0;
      for (let entries = spool.peek(500); entries.length > 0; entries = spool.peek(500)) {
        taken += entries.length;
        spool.acknowledge(entries.at(-1)?.id ?? 0);
      }
      return taken;
    },
    countWhole: async () => spool.countWhole(MOST_COUNTED),
    givenUp: () => spool.givenUp,
    [Symbol.asyncDispose]: async () => spool[Symbol.dispose](),
  };
}

/** Appenders at once, and events in one block of them. */
const APPENDERS = { 'one appender': [1, 50], 'eight appenders': [8, 400], 'a hundred appenders': [100, 5000] } as const;

type Found = Map<string, number[]>;

function note(found: Found, what: string, value: number): void {
  found.set(what, [...(found.get(what) ?? []), value]);
}

/** Blocks of both kinds by turns, so that what else the machine does hits both. */
async function measureAppends(folder: string, found: Found): Promise<void> {
  await using files = await openFiles(join(folder, 'files'));
  await using sqlite = await openSqlite(join(folder, 'SQLite'));
  for (const [name, [appenders, count]] of Object.entries(APPENDERS)) {
    for (let block = 0; block < BLOCKS; block += 1) {
      const turns = [
        ['files', files],
        ['SQLite', sqlite],
      ] as const;
      for (const [kind, store] of block % 2 ? turns : turns.toReversed()) {
        const delay = monitorEventLoopDelay({ resolution: 1 });
        delay.enable();
        note(found, `${kind}: ${name}, events/s`, await append(store, count, appenders));
        delay.disable();
        note(found, `${kind}: ${name}, longest pause of everything else, ms`, delay.max / 1e6);
      }
    }
  }
}

/** `appenders` each wait for their own event before they append the next, as cameras do; events a second. */
async function append(store: Store, count: number, appenders: number): Promise<number> {
  // One iterator for all of them, so that each takes the next event.
  const waiting = payloads.slice(0, count).values();
  const began = performance.now();
  const work = Array.from({ length: appenders }, async () => {
    for (const payload of waiting) await store.append(payload);
  });
  await Promise.all(work);
  return (1000 * count) / (performance.now() - began);
}

async function measureStart(folder: string, found: Found): Promise<void> {
  for (const [kind, open] of Object.entries(KINDS)) {
    {
      await using store = await open(join(folder, kind));
      await append(store, MANY, 500);
    }
    const began = performance.now();
    await using store = await open(join(folder, kind));
    note(found, `${kind}: opened with ${MANY} events, ms`, performance.now() - began);
    const draining = performance.now();
    const drained = await store.drain();
    if (drained !== MANY) throw new Error(`Expected ${MANY} events, got ${drained}`);
    note(found, `${kind}: drained, events/s`, (1000 * MANY) / (performance.now() - draining));
  }
}

type Damage = (folder: string, random: Random) => Promise<void>;

/** The end of what was written last is missing, up to 4 kB. */
const cutEnd: Damage = async (folder, { below }) => {
  for (const { file, bytes } of (await listData(folder)).slice(-1)) await truncate(file, bytes - 1 - below(4096));
};

const blankSector: Damage = async (folder, { below }) => {
  const files = await listData(folder);
  let place = below(files.reduce((sum, { bytes }) => sum + bytes, 0));
  for (const { file, bytes } of files) {
    if (place < bytes && place >= 0) await blank(file, place - (place % 512));
    place -= bytes;
  }
};

const blankFirst: Damage = async (folder) => {
  for (const { file } of (await listData(folder)).slice(0, 1)) await blank(file, 0);
};

type Trial = Readonly<{ what: string; count: number; damage: Damage; closed: boolean }>;

const TRIALS: readonly Trial[] = [
  { what: 'end of the newest file cut off', count: 40, damage: cutEnd, closed: false },
  { what: 'any sector blanked', count: MOST_COUNTED, damage: blankSector, closed: true },
  { what: 'the first sector blanked', count: MOST_COUNTED, damage: blankFirst, closed: true },
];

/** Events lost by damage to a copy of the files, made while the store is open or after it was closed. */
async function measureDamage(folder: string, { what, count, damage, closed }: Trial, found: Found): Promise<void> {
  for (const [kind, open] of Object.entries(KINDS)) {
    const [written, sound, damaged] = [join(folder, kind), join(folder, 'sound'), join(folder, 'damaged')];
    {
      await using store = await open(written);
      for (let at = 0; at < count; at += 8) {
        await Promise.all(payloads.slice(at, Math.min(at + 8, count)).map((payload) => store.append(payload)));
      }
      await cp(written, sound, { recursive: true });
    }
    if (closed) await cp(written, sound, { recursive: true });
    if (closed) await rm(join(sound, 'spool.db-wal'), { force: true });
    const random = createRandom(1);
    const lost: number[] = [];
    for (let trial = 0; trial < DAMAGES; trial += 1) {
      await cp(sound, damaged, { recursive: true });
      await damage(damaged, random);
      lost.push(count - (await countWhole(damaged, open)));
      await rm(damaged, { recursive: true });
    }
    note(found, `${kind}: ${what}, lost of ${count}, mean`, lost.reduce((sum, one) => sum + one, 0) / lost.length);
    note(found, `${kind}: ${what}, lost of ${count}, most`, Math.max(...lost));
    await rm(sound, { recursive: true });
  }
}

async function countWhole(folder: string, open: Open): Promise<number> {
  try {
    await using store = await open(folder);
    return await store.countWhole();
  } catch {
    return 0;
  }
}

type DataFile = Readonly<{ file: string; bytes: number }>;

/** Files of events, the one that is written to last. */
async function listData(folder: string): Promise<readonly DataFile[]> {
  const names = (await readdir(folder)).filter((name) => /\.spool$|\.db$|\.db-wal$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({ file: join(folder, name), bytes: (await stat(join(folder, name))).size })),
  );
}

async function blank(file: string, at: number): Promise<void> {
  await using handle = await openFile(file, 'r+');
  await handle.write(Buffer.alloc(512), 0, 512, at);
}

/** Twice as much as a disk of 8 MB holds; only root may mount one. */
async function measureFull(folder: string, found: Found): Promise<void> {
  for (const [kind, open] of Object.entries(KINDS)) {
    const disk = join(folder, `${kind} full`);
    await mkdir(disk, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'none', disk]);
    try {
      await using store = await open(disk);
      let refused = 0;
      for (let at = 0; at < 6000; at += 8) {
        const appended = await Promise.allSettled(payloads.slice(at, at + 8).map((payload) => store.append(payload)));
        refused += appended.filter(({ status }) => status === 'rejected').length;
      }
      note(found, `${kind}: full disk, refused of 6,000`, refused);
      note(found, `${kind}: full disk, oldest given up`, store.givenUp());
      note(found, `${kind}: full disk, then taken out`, await store.drain().catch(() => 0));
    } finally {
      execFileSync('umount', [disk]);
    }
  }
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-spool-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Medians; SQLite's with their ratio to the files'. */
async function run(): Promise<readonly Row[]> {
  const found: Found = new Map();
  await inFolder((folder) => measureAppends(folder, found));
  for (let start = 0; start < STARTS; start += 1) await inFolder((folder) => measureStart(folder, found));
  for (const trial of TRIALS) await inFolder((folder) => measureDamage(folder, trial, found));
  if (process.getuid?.() === 0) await inFolder((folder) => measureFull(folder, found));
  const median = (what: string) =>
    found.get(what)?.toSorted((a, b) => a - b)[(found.get(what)?.length ?? 0) >> 1] ?? Number.NaN;
  const names = [...found.keys()]
    .filter((what) => what.startsWith('files: '))
    .map((what) => what.slice('files: '.length));
  return names.flatMap((what) => {
    const [files, sqlite] = [median(`files: ${what}`), median(`SQLite: ${what}`)];
    return [
      { what: `files: ${what}`, value: files, unit: '' },
      { what: `SQLite: ${what}`, value: sqlite, unit: '', ratio: sqlite / files, against: 'the files' },
    ];
  });
}

if (import.meta.main) printRows(await run());

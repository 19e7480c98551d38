import { createWriteStream, existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { arch, cpus, freemem, loadavg, platform, release, totalmem } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Config, formatYaml } from '../../app/config.ts';
import { hideInText, hideSecrets } from '../../app/hide-secrets.ts';
import { VERSION } from '../../app/version.ts';
import { AlprError, messageOf } from '../../base/errors.ts';
import { createLog } from '../../base/log.ts';
import { streamZip, type ZipEntry } from '../../base/zip.ts';
import { openDatabase } from '../../db/open.ts';
import { storage } from '../../store/reports/storage.ts';
import { readDatabaseStatus } from '../../store/upkeep/status.ts';
import { describeFindings } from '../doctor/doctor.ts';
import { readLog } from './read-log.ts';

type Wanted = Readonly<{ out?: string; logs: readonly string[] }>;

const HEALTH_MS = 3000;

/** Writes what helps to find a fault: program, machine, configuration, doctor, health, sizes and the newest lines of the log. */
export async function writeSupportBundle(config: Config, { out, logs }: Wanted): Promise<void> {
  const file = resolve(out ?? `support-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.zip`);
  if (existsSync(file)) throw new AlprError('CONFIG_INVALID', `Expected a file that is not there yet, got ${file}`);
  for (const log of logs) await stat(log);
  await pipeline(streamZip(listEntries(config, logs)), createWriteStream(file, { mode: 0o600, flags: 'wx' }));
  process.stdout.write(
    `${file}\nLook through it before you pass it on: names of cameras, sites and machines are in it.\n`,
  );
}

async function* listEntries(config: Config, logs: readonly string[]): AsyncGenerator<ZipEntry> {
  const entry = (name: string, content: AsyncGenerator<string>): ZipEntry => ({ name, content: orWhyNot(content) });
  yield entry(
    'about.json',
    once(async () => toJson(describeMachine())),
  );
  yield entry(
    'config.yaml',
    once(async () => formatYaml(hideSecrets(config))),
  );
  yield entry(
    'health.json',
    once(() => fetchHealth(config)),
  );
  yield entry(
    'folders.json',
    once(async () => toJson(await sumFolders(resolve(config.data)))),
  );
  yield entry(
    'database.json',
    once(() => describeDatabase(config)),
  );
  yield entry('doctor.txt', hideLines(describeFindings(config)));
  for (const [at, log] of logs.entries()) yield entry(`logs/${at + 1}-${basename(log)}`, readLog(log));
}

async function* once(make: () => Promise<string>): AsyncGenerator<string> {
  yield await make();
}

async function* hideLines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield hideInText(line);
}

/** What cannot be told says why: the rest is worth having. */
async function* orWhyNot(content: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* content;
  } catch (error) {
    yield `${hideInText(messageOf(error))}\n`;
  }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function describeMachine() {
  const [cpu] = cpus();
  return {
    version: VERSION,
    at: new Date().toISOString(),
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    node: process.versions.node,
    system: `${platform()} ${release()} ${arch()}`,
    processors: `${cpus().length} × ${cpu?.model ?? 'unknown'}`,
    load: loadavg(),
    memory_bytes: { total: totalmem(), free: freemem() },
  };
}

/** Of the process that serves the page, if one does; it tells everybody no more than whether all is well. */
async function fetchHealth({ server }: Config): Promise<string> {
  const url = `${server.tls ? 'https' : 'http'}://127.0.0.1:${server.port}/health`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(HEALTH_MS) });
  return `${await answer.text()}\n`;
}

/** Files and bytes of each folder of data, without names of files. */
async function sumFolders(data: string): Promise<Readonly<Record<string, Readonly<{ files: number; bytes: number }>>>> {
  const sums = new Map<string, { files: number; bytes: number }>();
  for (const file of await readdir(data, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const [first = '', second = ''] = relative(data, file.parentPath).split(/[\\/]/);
    const sum = sums.get(join(first, second)) ?? { files: 0, bytes: 0 };
    // A file may go while they are counted.
    const { size } = await stat(join(file.parentPath, file.name)).catch(() => ({ size: 0 }));
    sums.set(join(first, second), { files: sum.files + 1, bytes: sum.bytes + size });
  }
  return Object.fromEntries([...sums].toSorted());
}

async function describeDatabase({ database, data }: Config): Promise<string> {
  if (database.kind === 'embedded' && !existsSync(resolve(data, database.folder))) return 'There is none yet\n';
  const log = createLog({ level: 'silent' });
  await using opened = await openDatabase({ config: database, dataFolder: data, log, isShared: true });
  const { sql } = opened;
  const [{ version } = { version: '' }] = await sql.query<{ version: string }>('SELECT version()');
  return toJson({
    version,
    status: await readDatabaseStatus(sql),
    tables: await sql.query(storage({ from: '', to: '', zone: '', place: '' })),
  });
}

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { formatYaml } from '../../src/app/config.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { createAuthorization } from '../servers/api-token.ts';
import { startSystem } from '../soak/process.ts';

const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');
const PASSWORD = 'violet gate sings at noon';
const START_MS = 600_000;
/** What one of the callers may not see. */
const HIDDEN = { id: 'vault-7c31', name: 'Vault 7c31' };
const FIXTURES = join(import.meta.dirname, '..', '..', 'test', 'fixtures');

/** Who asks, and the words that nothing told to them may have. */
export type Caller = Readonly<{ name: string; password: string; hidden: readonly string[] }>;

/** A whole system with accounts of every role, whose cameras have seen some vehicles. */
export type Stage = AsyncDisposable &
  Readonly<{
    url: string;
    callers: readonly Caller[];
    /** Lines of its log that tell of faults of the program. */
    listFaults(): Promise<readonly string[]>;
  }>;

/** Whoever changes most comes last. */
const PEOPLE: readonly (readonly [name: string, ...flags: string[]])[] = [
  ['guard', '--role', 'viewer', '--cameras', 'gate'],
  ['viewer', '--role', 'viewer'],
  ['auditor', '--role', 'auditor'],
  ['operator', '--role', 'operator'],
  ['admin', '--role', 'admin'],
];

export async function openStage(): Promise<Stage> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'alpr-fuzz-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, 'alpr.yaml');
  const log = join(folder, 'alpr.log');
  // However busy the machine is, each picture is read.
  const seen = { kind: 'pictures', path: ['115', '20', '315'].map((name) => join(FIXTURES, `tollgate-${name}.jpg`)) };
  const settings = {
    data: join(folder, 'data'),
    server: { port: 0, requests_per_minute: 1_000_000 },
    cameras: [
      { id: 'gate', name: 'Gate', ...seen },
      { ...HIDDEN, ...seen },
    ],
  };
  await writeFile(config, formatYaml(settings));
  const { child, url, exited } = await startSystem(config, log);
  opened.defer(async () => {
    child.kill();
    await exited;
  });
  for (const [name, ...flags] of PEOPLE) await addPerson(config, name, flags);
  const events = await waitForEvents(url, await createAuthorization(['--config', config]));
  const elsewhere = events.filter(({ camera_id }) => camera_id === HIDDEN.id).map(({ event_id }) => event_id);
  const closing = opened.move();
  return {
    url,
    callers: PEOPLE.map(([name, ...flags]) => {
      const hidden = flags.includes('--cameras') ? [HIDDEN.id, HIDDEN.name, ...elsewhere] : [];
      return { name, password: PASSWORD, hidden };
    }),
    listFaults: async () =>
      (await readFile(log, 'utf8')).split('\n').filter((line) => line.includes('a request fails')),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

async function addPerson(config: string, name: string, flags: readonly string[]): Promise<void> {
  const asked = run(process.execPath, [
    PROGRAM,
    '--config',
    config,
    'users',
    'add',
    name,
    ...flags,
    '--password-stdin',
  ]);
  asked.child.stdin?.end(`${PASSWORD}\n`);
  await asked;
}

/** What was seen, once both cameras have seen something. */
async function waitForEvents(url: string, authorization: string): Promise<readonly PlateEvent[]> {
  for (const end = Date.now() + START_MS; ; await sleep(1000)) {
    const response = await fetch(`${url}/events/recent?limit=100`, { headers: { authorization } });
    const { events } = (await response.json()) as { events: readonly PlateEvent[] };
    const finals = events.filter(({ status }) => status === 'final');
    if (new Set(finals.map(({ camera_id }) => camera_id)).size === 2) return events;
    if (Date.now() > end) throw new Error(`expected events of both cameras, got ${finals.length}`);
  }
}

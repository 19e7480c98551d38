import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatYaml, loadConfig } from '../../src/app/config.ts';
import { openSharedDatabase } from '../../src/app/open-shared-database.ts';
import { PERMISSIONS, type Permission, type Role, type Scope } from '../../src/contract/access.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { createAccount } from '../../src/store/sign-in/accounts.ts';
import { startSession } from '../../src/store/sign-in/sessions.ts';
import { startSystem } from '../soak/process.ts';
import { fillPlace, type Place, wordsOf } from './elsewhere.ts';

const START_MS = 600_000;
const FIXTURES = join(import.meta.dirname, '..', '..', 'test', 'fixtures');

/** Another camera of this site, and a camera of another site. */
const CELLAR: Place = { site: 'home', camera: 'cellar-xqz', name: 'Cellar of the xqz', plates: 'XQZCE' };
const ANNEX: Place = { site: 'annex-xqz', camera: 'ramp-xqz', name: 'Ramp of the xqz', plates: 'XQZAN' };
/** More than are ended within a round. */
const SESSIONS = 500;
/** So many words of each place are drawn where a text is asked for. */
const DRAWN = 8;

/** Who asks, and the words that nothing told to them may have. */
export type Caller = Readonly<{
  name: string;
  /** Null for whoever has no account. */
  id: string | null;
  /** Cookies of the page: some of what is asked ends the session. */
  sessions: readonly string[];
  hidden: readonly string[];
  /** Whether Schemathesis learns from what is answered to them. */
  leads: boolean;
}>;

/** A whole system with accounts of every role, whose cameras have seen some vehicles. */
export type Stage = AsyncDisposable &
  Readonly<{
    url: string;
    /** Everybody, with new sessions. */
    signIn(): Promise<readonly Caller[]>;
    /** Id of an account that may be changed. */
    spare: string;
    /** Ids and texts that mean something there. */
    words: readonly string[];
    /** Lines of its log that tell of faults of the program. */
    listFaults(): Promise<readonly string[]>;
  }>;

/** Whoever changes most comes last. */
const PEOPLE: readonly (readonly [name: string, role: Role, scope?: Scope])[] = [
  ['viewer of one camera', 'viewer', { cameras: ['gate'], sites: [] }],
  ['operator of one site', 'operator', { cameras: [], sites: ['home'] }],
  ['operator of one camera', 'operator', { cameras: ['gate'], sites: [] }],
  ['viewer', 'viewer'],
  ['auditor', 'auditor'],
  ['operator', 'operator'],
  ['admin', 'admin'],
];

export async function openStage(): Promise<Stage> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'alpr-fuzz-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'alpr.yaml');
  const log = join(folder, 'alpr.log');
  // However busy the machine is, each picture is read.
  const seen = { kind: 'pictures', path: ['115', '20', '315'].map((name) => join(FIXTURES, `tollgate-${name}.jpg`)) };
  const settings = {
    data: join(folder, 'data'),
    server: { port: 0, requests_per_minute: 1_000_000 },
    // Wrong passwords are tried hundreds of times.
    accounts: { password: { memory_kib: 7168, passes: 1 } },
    cameras: [
      { id: 'gate', name: 'Gate', ...seen },
      { id: CELLAR.camera, name: CELLAR.name, ...seen },
    ],
  };
  await writeFile(file, formatYaml(settings));
  const { child, url, exited } = await startSystem(file, log);
  opened.defer(async () => {
    child.kill();
    await exited;
  });
  const { sql } = opened.use(await openSharedDatabase(loadConfig({ file, environment: {}, settings: [] })));
  const { secret } = await createApiToken(sql, {
    name: 'stage',
    permissions: Object.keys(PERMISSIONS) as Permission[],
    scope: undefined,
  });
  const authorization = `Bearer ${secret}`;
  await makeSettings(url, authorization);
  const seenHere = await waitForEvents(url, authorization);
  const seenAt = (camera: string) => seenHere.filter(({ camera_id }) => camera_id === camera);
  const annex = wordsOf(ANNEX, await fillPlace(sql, ANNEX));
  // Its site is that of everybody.
  const cellar = wordsOf(CELLAR, await fillPlace(sql, CELLAR)).filter((word) => word !== CELLAR.site);
  const elsewhere = [...annex, ...cellar, ...seenAt(CELLAR.camera).map(({ event_id }) => event_id)];
  const people: Omit<Caller, 'sessions'>[] = [];
  for (const [name, role, scope] of PEOPLE) {
    const id = await createAccount(sql, { name, role, scope });
    const hidden = scope === undefined ? [] : scope.sites.length > 0 ? annex : elsewhere;
    people.push({ name, id, hidden, leads: role === 'admin' || name === 'operator' });
  }
  const spare = await createAccount(sql, { name: 'spare', role: 'viewer' });
  const place = { address: '127.0.0.1', userAgent: 'fuzz', lifetimes: { idle_minutes: 720, max_hours: 24 } };
  /** In one transaction, because each would wait for the disk. */
  const signIn = (account: string) =>
    sql.transaction(async (session) => {
      const start = () => startSession(session, { account, kind: 'page', ...place });
      return (await Promise.all(Array.from({ length: SESSIONS }, start))).map(({ secret }) => secret);
    });
  const own = seenAt('gate').flatMap(({ event_id, plate }) => [event_id, plate.text_normalized]);
  const ids = ['gate', 'home', 'guests', 'passages', 'hook', 'spare', spare, 'AB12CDE'];
  const closing = opened.move();
  return {
    url,
    signIn: async () => [
      { name: 'nobody', id: null, sessions: [], hidden: elsewhere, leads: false },
      ...(await Promise.all(people.map(async (one) => ({ ...one, sessions: await signIn(one.id ?? '') })))),
    ],
    spare,
    words: [...new Set([...ids, ...[own, annex, cellar].flatMap((words) => words.slice(0, DRAWN))])],
    listFaults: async () =>
      (await readFile(log, 'utf8')).split('\n').filter((line) => line.includes('a request fails')),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** A list, a rule by which each passage makes an alert, and a channel that nobody listens at. */
async function makeSettings(url: string, authorization: string): Promise<void> {
  const headers = { authorization, 'content-type': 'application/json' };
  const put = async (address: string, body: object) => {
    const { status } = await fetch(url + address, { method: 'PUT', headers, body: JSON.stringify(body) });
    if (status !== 200) throw new Error(`expected 200 of ${address}, got ${status}`);
  };
  await put('/lists/guests', { name: 'Guests' });
  await put('/lists/guests/entries/AB12CDE', { name: 'Ada' });
  await put('/channels/hook', { id: 'hook', name: 'Hook', kind: 'webhook', url: 'http://127.0.0.1:9/' });
  const rule = { id: 'passages', name: 'Passages', match: { every_passage: true }, channels: ['hook'] };
  await put('/rules/passages', rule);
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

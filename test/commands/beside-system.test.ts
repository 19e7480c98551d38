import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { openSharedDatabase } from '../../src/app/open-shared-database.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { codeOf, OwnBrowser, PASSWORD } from '../api/own-browser.ts';
import { makeEvent } from '../store/make-event.ts';
import { callAlpr } from './run-alpr.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'alpr.js');

/** One running system, which has the database; beside it run the commands. */
let folder: string;
let system: ChildProcess;
let url: string;
let token: string;
let said = '';
let logged = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-beside-'));
  await writeFile(join(folder, 'alpr.yaml'), 'server: {port: 0}\n');
  system = spawn(process.execPath, [PROGRAM, 'serve', '--set', 'log.level=debug'], { cwd: folder });
  system.stderr?.on('data', (chunk) => {
    logged += String(chunk);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  system.stdout?.on('data', (chunk) => {
    said += String(chunk);
    [, url = '', token = ''] = /(http:\S+)\/setup#token=(\S+)\n/.exec(said) ?? [];
    if (token !== '') resolve();
  });
  await promise;
}, 120_000);

afterAll(async () => {
  system?.kill('SIGTERM');
  if (system?.exitCode === null) await once(system, 'exit');
  await rm(folder, { recursive: true, force: true });
});

describe('alpr users', () => {
  const signIn = async (name: string, password: string) =>
    codeOf(await new OwnBrowser(url).post('/auth/login', { name, password }));

  const secrets: string[] = [PASSWORD, 'rather dry umbrellas', 'quite new umbrellas'];

  test('alpr serve prints the link to the first account once, and it works', async () => {
    expect(said.match(/#token=/g)).toHaveLength(1);
    expect(await (await fetch(`${url}/setup`)).text()).toContain('<html');
    const browser = new OwnBrowser(url);
    expect((await browser.post('/auth/setup', { token, name: 'anna', password: PASSWORD })).status).toBe(200);
    secrets.push(token, ...browser.cookies.values());
    expect(await browser.me()).toMatchObject({ name: 'anna', role: 'admin' });
  });

  test('adds somebody, who chooses a password by a link, and lists, resets, disables and enables them', async () => {
    const added = await callAlpr(folder, ['users', 'add', 'Ben Guard', '--role', 'operator', '--cameras', 'gate,yard']);
    expect(added.err.match(/No camera \w+ has been heard of/g)).toEqual(
      ['gate', 'yard'].map((name) => `No camera ${name} has been heard of`),
    );
    const [, fragment = ''] = /http:\/\/127\.0\.0\.1:0\/setup#(\S+)/.exec(added.out) ?? [];
    const link = new URLSearchParams(fragment);
    expect(link.get('name')).toBe('Ben Guard');
    const choose = (password: string) =>
      new OwnBrowser(url).post('/auth/setup', { token: link.get('token'), password });
    const chosen = await choose('quite new umbrellas');
    expect(await chosen.json()).toMatchObject({
      who: { name: 'Ben Guard', scope: { cameras: ['gate', 'yard'], sites: [] } },
    });
    expect(await codeOf(await choose('quite new umbrellas'))).toEqual([401, 'SIGN_IN_FAILED']);
    expect(await signIn('ben guard', 'quite new umbrellas')).toEqual([200, undefined]);

    const listed = (await callAlpr(folder, ['users', 'list'])).out;
    expect(listed).toMatch(
      /anna +admin +password +20\S+ +everywhere\nBen Guard +operator +password +20\S+ +gate, yard\n/,
    );
    await callAlpr(folder, ['users', 'reset', 'Ben Guard']);
    expect(await signIn('Ben Guard', 'quite new umbrellas')).toEqual([401, 'SIGN_IN_FAILED']);
    await callAlpr(folder, ['users', 'disable', 'anna']);
    expect(await signIn('anna', PASSWORD)).toEqual([401, 'SIGN_IN_FAILED']);
    await callAlpr(folder, ['users', 'enable', 'anna']);
    expect(await signIn('anna', PASSWORD)).toEqual([200, undefined]);
  }, 60_000);

  test('alpr dlq works, too', async () => {
    expect(await callAlpr(folder, ['dlq', 'list'])).toMatchObject({ code: 0, out: 'No dead letters.\n' });
  }, 30_000);

  test('an invalid request is refused in one line', async () => {
    const answers = [
      await callAlpr(folder, ['users', 'add', 'anna', '--role', 'viewer']),
      await callAlpr(folder, ['users', 'add', 'eve', '--role', 'king']),
      await callAlpr(folder, ['users', 'reset', 'nobody']),
    ];
    expect(answers.map(({ code, err }) => `${code} ${err.split(/[;,]/)[0]}`)).toEqual([
      '1 alpr: Expected a new name',
      '1 alpr: Expected --role to be one of admin',
      '1 alpr: Nobody is called nobody',
    ]);
  }, 30_000);

  test('the log contains no link, password or token', async () => {
    await signIn('anna', 'rather dry umbrellas');
    const asked = await fetch(`${url}/auth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'password', name: 'anna', password: PASSWORD }),
    });
    const granted = (await asked.json()) as { access_token: string; refresh_token: string };
    await fetch(`${url}/events/recent`, { headers: { authorization: `Bearer ${granted.access_token}` } });
    secrets.push(
      granted.access_token,
      granted.refresh_token,
      (await readFile(join(folder, 'data/sign-in.key'))).toString('latin1'),
    );
    expect(logged).toContain('"level":');
    expect(secrets.filter((secret) => logged.includes(secret))).toEqual([]);
    expect(secrets.filter((secret) => secret !== token && said.includes(secret))).toEqual([]);
  });
});

describe('alpr tokens', () => {
  const ask = async (path: string, token: string) =>
    (await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })).status;

  test('makes one that opens what it names, replaces it and ends it', async () => {
    const asked = ['tokens', 'create', '--name', 'gate', '--permissions', 'events:read', '--expires', 'never'];
    const token = (await callAlpr(folder, asked)).out.trim();
    expect([await ask('/events/recent', token), await ask('/metrics', token)]).toEqual([200, 403]);
    const listed = await callAlpr(folder, ['tokens', 'list', '--json']);
    const { id, ...rest } = JSON.parse(listed.out);
    expect(rest).toMatchObject({ name: 'gate', permissions: ['events:read'], scope: null, expires_at: null });
    expect(listed.out).not.toContain(token);
    const rotated = (await callAlpr(folder, ['tokens', 'rotate', id])).out.trim();
    expect([await ask('/cameras', token), await ask('/cameras', rotated)]).toEqual([200, 200]);
    expect((await callAlpr(folder, ['tokens', 'revoke', id])).code).toBe(0);
    await expect.poll(() => ask('/cameras', rotated), { timeout: 10_000 }).toBe(401);
    expect((await callAlpr(folder, ['tokens', 'list'])).out).toMatch(/gate +revoked/);
  }, 60_000);

  test('an invalid request is refused in one line', async () => {
    const asked = ['tokens', 'create', '--name', 'gate', '--permissions', 'everything', '--expires', 'never'];
    const refused = await callAlpr(folder, asked);
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/^alpr: At --permissions.*\n$/)]);
    const unknown = await callAlpr(folder, ['tokens', 'revoke', 'gate']);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('There is no token gate')]);
  });
});

describe('alpr privacy', () => {
  beforeAll(async () => {
    const config = loadConfig({ environment: {}, settings: [`data=${join(folder, 'data')}`] });
    await using database = await openSharedDatabase(config);
    await writeEvents(database.sql, [makeEvent({ text: 'PRV0001' })]);
  });

  test('holds, hands out and erases a plate, and the audit says so', async () => {
    const answers = [];
    for (const args of [
      ['hold', 'PRV0001', '--reason', 'Theft at the gate'],
      ['export', 'PRV0001', '--out', 'answer.zip', '--look-ups'],
      ['erase', 'PRV0001', '--reason', 'Asked by the owner'],
    ]) {
      answers.push(await callAlpr(folder, ['privacy', ...args]));
    }
    expect(answers.map(({ code }) => code)).toEqual([0, 0, 1]);
    const [, id = ''] = /Hold (\S+) keeps 1 events/.exec(answers[0]?.out ?? '') ?? [];
    expect(answers[2]?.err).toContain(id);
    expect((await callAlpr(folder, ['privacy', 'release', id])).out).toContain('has ended');
    const erased = await callAlpr(folder, ['privacy', 'erase', 'PRV0001', '--reason', 'Asked by the owner', '--scrub']);
    expect([erased.code, erased.err, erased.out]).toEqual([0, '', expect.stringMatching(/^1 events are erased/)]);
    const { out: chain } = await callAlpr(folder, ['audit', 'export']);
    expect(chain.match(/privacy (hold|export|erase|release)/g)).toEqual(
      ['hold', 'export', 'erase', 'release', 'erase'].map((what) => `privacy ${what}`),
    );
    expect(chain).not.toContain('PRV0001');
  }, 120_000);
});

test('alpr db status and images verify work beside it on the same database', async () => {
  const status = await callAlpr(folder, ['db', 'status', '--json']);
  expect([status.code, status.err]).toEqual([0, '']);
  expect(JSON.parse(status.out)).toMatchObject({ kind: 'embedded', pending: [] });
  expect(await callAlpr(folder, ['images', 'verify'])).toMatchObject({ code: 0, err: '' });
}, 30_000);

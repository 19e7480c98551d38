import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callAlpr } from './run-alpr.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'alpr.js');

let folder: string;
let system: ChildProcess;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-tokens-'));
  await writeFile(join(folder, 'alpr.yaml'), 'server: {port: 0}\n');
  system = spawn(process.execPath, [PROGRAM, 'serve'], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  // Whoever closes the pipe ends the program with the next thing that it says.
  for await (const chunk of system.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    said += String(chunk);
    url = /http:\/\/\S+/.exec(said)?.[0] ?? '';
    if (url !== '') break;
  }
}, 120_000);
afterAll(async () => {
  system?.kill('SIGTERM');
  if (system?.exitCode === null) await once(system, 'exit');
  await rm(folder, { recursive: true, force: true });
});

const ask = async (path: string, token: string) =>
  (await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })).status;

test('beside a running system alpr tokens makes one that opens what it names, replaces it and ends it', async () => {
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

test('what is not asked for well is refused in one line', async () => {
  const asked = ['tokens', 'create', '--name', 'gate', '--permissions', 'everything', '--expires', 'never'];
  const refused = await callAlpr(folder, asked);
  expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/^alpr: At --permissions.*\n$/)]);
  const unknown = await callAlpr(folder, ['tokens', 'revoke', 'gate']);
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('There is no token gate')]);
});

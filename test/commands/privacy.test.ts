import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { openSharedDatabase } from '../../src/app/open-shared-database.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { makeEvent } from '../store/make-event.ts';
import { callAlpr } from './run-alpr.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'alpr.js');

let folder: string;
let system: ChildProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-privacy-'));
  await writeFile(join(folder, 'alpr.yaml'), 'server: {port: 0}\n');
  system = spawn(process.execPath, [PROGRAM, 'serve'], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  // Whoever closes the pipe ends the program with the next thing that it says.
  for await (const chunk of system.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    if (String(chunk).includes('http://')) break;
  }
  const config = loadConfig({ environment: {}, settings: [`data=${join(folder, 'data')}`] });
  await using database = await openSharedDatabase(config);
  await writeEvents(database.sql, [makeEvent({ text: 'PRV0001' })]);
}, 120_000);
afterAll(async () => {
  system?.kill('SIGTERM');
  if (system?.exitCode === null) await once(system, 'exit');
  await rm(folder, { recursive: true, force: true });
});

test('beside a running system alpr privacy holds, hands out and erases a plate, and the audit says so', async () => {
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

test('alpr db status and images verify say beside it what is in the database', async () => {
  const status = await callAlpr(folder, ['db', 'status', '--json']);
  expect([status.code, status.err]).toEqual([0, '']);
  expect(JSON.parse(status.out)).toMatchObject({ kind: 'embedded', pending: [] });
  expect(await callAlpr(folder, ['images', 'verify'])).toMatchObject({ code: 0, err: '' });
}, 30_000);

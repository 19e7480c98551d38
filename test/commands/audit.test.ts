import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatYaml } from '../../src/app/config.ts';
import { shareDatabase } from '../servers/servers.ts';
import { callAlpr } from './run-alpr.ts';

let folder: string;
let database: Awaited<ReturnType<typeof shareDatabase>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-audit-'));
  database = await shareDatabase();
  await writeFile(join(folder, 'alpr.yaml'), formatYaml({ database: { kind: 'postgres', url: database.url } }));
});
afterAll(async () => {
  await database?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test('what a command does stands in the audit, whose export verifies without the database', async () => {
  await callAlpr(folder, ['tokens', 'create', '--name', 'gate', '--permissions', 'search', '--expires', 'never']);
  const exported = await callAlpr(folder, ['audit', 'export']);
  await writeFile(join(folder, 'audit.ndjson'), exported.out);
  const entries = exported.out
    .split('\n')
    .flatMap((line) => (line.startsWith('{"entry"') ? [JSON.parse(line).entry] : []));
  expect(entries).toMatchObject([
    {
      number: 1,
      action: 'change',
      operation: 'tokens create',
      who: { kind: 'system' },
      from: 'command line',
      query: { name: 'gate' },
    },
    { number: 2, action: 'audit', operation: 'audit export' },
  ]);
  await writeFile(join(folder, 'empty.yaml'), '{}');
  const verify = (...args: string[]) => callAlpr(folder, ['--config', 'empty.yaml', 'audit', 'verify', ...args]);
  const whole = await verify('audit.ndjson', '--json');
  const { fingerprint, ...result } = JSON.parse(whole.out);
  expect([whole.code, result]).toMatchObject([0, { entries: 2, fault: null }]);
  expect((await verify('audit.ndjson', '--key', fingerprint.slice(0, 12))).out).toContain('The chain is whole.');
  const wrong = [await verify('audit.ndjson', '--key', '0'.repeat(12)), await verify('audit.ndjson', '--key', '00')];
  expect(wrong).toMatchObject([
    { code: 1, err: expect.stringContaining('has signed it') },
    { code: 1, err: expect.stringContaining('first 12 hexadecimal digits') },
  ]);

  const forged = (await readFile(join(folder, 'audit.ndjson'), 'utf8')).replace('"name":"gate"', '"name":"door"');
  await writeFile(join(folder, 'forged.ndjson'), forged);
  const broken = await verify('forged.ndjson');
  expect([broken.code, broken.out]).toEqual([
    1,
    expect.stringContaining('BROKEN: Entry 1 was changed: its hash is another.'),
  ]);
  expect(await verify('empty.yaml')).toMatchObject({
    code: 1,
    err: expect.stringContaining('that alpr audit export made'),
  });
}, 60_000);

test('the database is checked with what this machine has signed', async () => {
  const { code, out } = await callAlpr(folder, ['audit', 'verify', '--json']);
  expect([code, JSON.parse(out)]).toMatchObject([0, { entries: 2, end: { number: 2 }, fault: null }]);
}, 60_000);

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callAlpr } from './run-alpr.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-db-command-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('alpr db says what is pending, migrates, and then shows partitions and sizes', async () => {
  const before = await callAlpr(folder, ['db', 'status']);
  expect(before.code).toBe(0);
  expect(before.out).toMatch(/version +empty/);
  expect(before.out).toContain('001-plate-events.sql');
  const migrated = await callAlpr(folder, ['db', 'migrate']);
  expect(migrated.out).toContain('applied native/003-partitions.sql');
  const after = await callAlpr(folder, ['db', 'status', '--json']);
  const status = JSON.parse(after.out);
  expect(status).toMatchObject({ kind: 'embedded', division: 'native', pending: [] });
  const coming = status.parts.filter(
    (part: { table: string; from: string | null }) => part.table === 'plate_events' && part.from,
  );
  expect(coming).toHaveLength(4);
  expect(status.upkeep).toMatchObject([
    { task: 'partitions there until', at: coming.at(-1).to },
    { task: 'statistics counted to', detail: '0 hours before it changed since' },
  ]);
  expect((await callAlpr(folder, ['db', 'status'])).out).toMatch(/^statistics counted to +20\d\d-/m);
}, 120_000);

test('A database that cannot be reached is said in one line', async () => {
  await writeFile(
    join(folder, 'away.yaml'),
    'database: {kind: postgres, url: "postgres://alpr:secret@127.0.0.1:1/alpr"}\n',
  );
  const { code, err } = await callAlpr(folder, ['--config', 'away.yaml', 'db', 'status']);
  expect(code).toBe(1);
  expect(err).toMatch(/^alpr: .*ECONNREFUSED/);
  expect(err).not.toContain('secret');
});

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatYaml } from '../../src/app/config.ts';
import { readZip } from '../../src/evidence/read-zip.ts';
import { callAlpr, runAlpr } from './run-alpr.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-support-'));
});
afterAll(() => rm(folder, { recursive: true }));

const LINES = [
  { level: 'info', time: '2026-11-30T08:00:00.000Z', msg: 'an event is spooled', event_id: 'e-1' },
  {
    level: 'warn',
    time: '2026-11-30T08:00:01.000Z',
    msg: 'the stream is interrupted',
    url: 'rtsp://admin:Sesame1@10.0.0.7/1',
  },
  {
    level: 'error',
    time: '2026-11-30T08:00:02.000Z',
    msg: 'a request fails',
    err: { message: 'Bearer abc.Sesame2.x is refused' },
  },
  { level: 'debug', time: '2026-11-30T08:00:03.000Z', msg: 'only for those who look closely: AB12CDE' },
];

test('alpr support-bundle tells what runs and what is wrong, and nothing that lets anybody in', async () => {
  const config = {
    data: join(folder, 'data'),
    cameras: [],
    tracing: { headers: { 'x-honeycomb-team': 'Sesame5' } },
    server: { port: 19_998 },
    database: { kind: 'postgres', url: 'postgres://alpr:Sesame3@127.0.0.1:19999/alpr' },
    images: {
      kind: 's3',
      endpoint: 'http://127.0.0.1:19999',
      bucket: 'pictures',
      access_key_id: 'k',
      secret_access_key: 'Sesame4',
    },
  };
  await writeFile(join(folder, 'alpr.yaml'), formatYaml(config));
  await writeFile(
    join(folder, 'alpr.log'),
    `from another program\n${LINES.map((line) => JSON.stringify(line)).join('\n')}\n`,
  );
  const made = await runAlpr(folder, ['support-bundle', '--out', 'bundle.zip', '--log', 'alpr.log']);
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining(join(folder, 'bundle.zip')) });
  expect((await stat(join(folder, 'bundle.zip'))).mode & 0o077).toBe(0);
  const zip = readZip(await readFile(join(folder, 'bundle.zip')));
  const files = new Map([...zip].map(([name, content]) => [name, content.toString()]));
  const log = 'logs/1-alpr.log';
  expect([...files.keys()].toSorted()).toEqual(
    ['about.json', 'config.yaml', 'database.json', 'doctor.txt', 'folders.json', 'health.json', log].toSorted(),
  );
  const all = [...files.values()].join('\n');
  expect(all).not.toContain('Sesame');
  expect(all).not.toContain('AB12CDE');
  expect(JSON.parse(files.get('about.json') ?? '')).toMatchObject({ node: process.versions.node });
  expect(files.get('config.yaml')).toContain('postgres://alpr:(hidden)@127.0.0.1:19999/alpr');
  expect(files.get('doctor.txt')).toMatch(/^✗ Database at .*ECONNREFUSED/m);
  expect(files.get(log)?.trim().split('\n')).toHaveLength(3);
  // It is not written over another file.
  expect(await callAlpr(folder, ['support-bundle', '--out', 'bundle.zip'])).toMatchObject({ code: 1 });
});

import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderUnit } from '../../src/commands/service/unit.ts';
import { callAlpr } from './run-alpr.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-units-'));
});
afterAll(() => rm(folder, { recursive: true }));

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

test.for([
  ['start', 'none'],
  ['edge', 'video'],
  ['edge', 'jetson'],
] as const)(
  'alpr service install %s --devices %s writes a unit whose exposure is at most 2.5',
  async ([name, devices], context) => {
    const out = join(folder, devices);
    const args = ['service', 'install', name, '--devices', devices, '--out', out, '--data', '/var/lib/alpr data'];
    const { code, out: said, err } = await callAlpr(folder, args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const unit = join(out, `alpr-${name}.service`);
    expect(said).toContain(`systemctl daemon-reload && systemctl enable --now alpr-${name}`);
    if (!hasSystemd) return context.skip('needs systemd-analyze');
    const security = spawnSync('systemd-analyze', ['security', '--offline=yes', '--no-pager', '--threshold=25', unit], {
      encoding: 'utf8',
    });
    expect(security.stdout).toMatch(/Overall exposure level for .*: [0-2]\.\d OK/);
    expect(security.status).toBe(0);
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
    expect(verified.stderr.split('\n').filter((line) => line.includes('alpr-'))).toEqual([]);
  },
);

test('What it does not know is refused, and nothing is written', async () => {
  for (const [args, said] of [
    [['edge', 'gate'], /Expected start, .*edge.*; got gate/],
    [['edge', '--devices', 'all'], /Expected --devices none, video or jetson; got all/],
    [['edge', '--user', 'a b'], /Expected --user with the name of an account/],
  ] as const) {
    const { code, err } = await callAlpr(folder, ['service', 'install', ...args, '--out', join(folder, 'refused')]);
    expect(code).toBe(1);
    expect(err).toMatch(said);
  }
  await expect(readFile(join(folder, 'refused', 'alpr-edge.service'))).rejects.toThrow('ENOENT');
});

test('The unit in deploy/jetson is what alpr service install writes for /opt/ovr-alpr', async () => {
  const unit = renderUnit({
    name: 'edge',
    summary: 'run the cameras only; events go to Kafka, or without Kafka to standard output as lines of JSON',
    node: '/opt/ovr-alpr/node_modules/.bin/node',
    program: '/opt/ovr-alpr',
    config: '/etc/ovr-alpr/alpr.yaml',
    data: '/var/lib/ovr-alpr',
    user: 'alpr',
    devices: 'jetson',
  });
  const shipped = new URL('../../deploy/jetson/alpr-edge.service', import.meta.url);
  expect(await readFile(shipped, 'utf8')).toBe(unit);
});

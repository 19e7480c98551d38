import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

const STACK = path.resolve(import.meta.dirname, '..', '..', 'tools', 'servers', 'run.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'ovr-alpr-cache-'));

afterAll(() => rmSync(folder, { recursive: true }));

test('Where pip, Maven, a JDK or npm is missing each server says what to install, and nothing half is left', () => {
  const { status, stderr } = spawnSync(process.execPath, [STACK, '--install', 'earlier'], {
    env: { PATH: folder, OVR_ALPR_CACHE: path.join(folder, 'servers') },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  for (const name of ['kafka', 'kafka-zookeeper', 'registry', 'opensearch', 's3']) {
    expect(stderr).toMatch(
      new RegExp(`^${name} cannot be installed: python3 is missing; install it \\(Debian: apt-get`, 'm'),
    );
  }
  for (const name of ['postgres-16', 'postgres-17']) {
    expect(stderr).toMatch(
      new RegExp(`^${name} cannot be installed: npm is missing; install it \\(Debian: apt-get`, 'm'),
    );
  }
  for (const name of ['promtool', 'alertmanager', 'exporters', 'mosquitto']) {
    expect(stderr).toMatch(
      new RegExp(`^${name} cannot be installed: apt-get and dpkg-deb is missing; install it \\(Debian: apt-get`, 'm'),
    );
  }
  expect(readdirSync(folder)).toEqual([]);
});

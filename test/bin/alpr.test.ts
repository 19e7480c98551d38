import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const BIN = join(ROOT, 'bin', 'alpr.js');
const { version, dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'alpr-bin-'));
const systemPath = (process.env.PATH ?? '').split(delimiter).filter((part) => !part.includes('node_modules'));
const oldNode = systemPath.map((part) => join(part, 'node')).find((node) => existsSync(node) && majorOf(node) < 24);

afterAll(() => rmSync(folder, { recursive: true }));

test('the oldest Node that runs the sources is the one that the project brings', () => {
  const [, oldest] = /OLDEST_NODE = (\d+)/.exec(readFileSync(BIN, 'utf8')) ?? [];
  expect(oldest).toBe(dependencies.node.split('.')[0]);
});

// On CI a missing old Node fails the tests below; a developer's machine may have none.
describe.skipIf(oldNode === undefined && !process.env.CI)(
  'on a Node too old for the sources',
  { timeout: 120_000 },
  () => {
    test('the program runs in any folder', async () => {
      expect(await run(oldNode, [BIN, '--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    });

    test('npx finds it from another folder', async () => {
      const { code, stdout } = await run('npx', ['--prefix', ROOT, 'alpr', '--version']);
      expect({ code, stdout }).toEqual({ code: 0, stdout: `${version}\n` });
    });

    test('the exit code and the message of an error are passed on', async () => {
      const { code, stderr } = await run(oldNode, [BIN, 'nonsense']);
      expect(code).toBe(1);
      expect(stderr).toContain("unknown command 'nonsense'");
    });

    test.concurrent.each(['SIGTERM', 'SIGINT'] as const)('%s stops the program properly', async (signal) => {
      const child = spawnWaiting(signal);
      await once(child.stdout, 'data');
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([0, null]);
    });

    test('a Node that was killed by a signal is reported as such', async () => {
      const child = spawnWaiting('killed');
      await once(child.stdout, 'data');
      const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', `${child.pid}`], { encoding: 'utf8' });
      // The number 0 would be everybody here.
      expect(Number(stdout)).toBeGreaterThan(0);
      process.kill(Number(stdout), 'SIGKILL');
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    });

    test('an installation without the own Node is called incomplete', async () => {
      const copy = copyProgram('without-node', ['.package-lock.json']);
      const { code, stderr } = await run(oldNode, [copy, 'doctor']);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^alpr: The packages are not installed\. /);
    });
  },
);

describe('before the packages are installed', () => {
  test.each([
    ['nothing is there', []],
    ['the installation was cut off', ['node/bin/node']],
  ])('one sentence says what to do when %s', async (name, files) => {
    const copy = copyProgram(name.replaceAll(' ', '-'), files);
    const { code, stdout, stderr } = await run(process.execPath, [copy, 'doctor']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^alpr: The packages are not installed\. Run "npm start" in \S+ first, or .* only\.\n$/);
  });
});

/** A program that goes on until it is told to end, as soon as it says where it shows metrics: it waits for a broker that is not there. */
function spawnWaiting(data: string) {
  const settings = ['bus={kind: kafka, brokers: ["127.0.0.1:9"], format: json}', 'metrics.port=0'];
  const args = ['metrics-consumer', ...settings.flatMap((one) => ['--set', one])];
  return spawn(oldNode as string, [BIN, ...args, '--data', join(folder, data)], { cwd: folder });
}

/** A copy of the program with empty files in its node_modules. */
function copyProgram(name: string, files: readonly string[]): string {
  const copy = join(folder, name);
  mkdirSync(copy);
  cpSync(join(ROOT, 'package.json'), join(copy, 'package.json'));
  cpSync(join(ROOT, 'bin'), join(copy, 'bin'), { recursive: true });
  for (const file of files) cpSync(join(ROOT, 'LICENSE'), join(copy, 'node_modules', file));
  return join(copy, 'bin', 'alpr.js');
}

function run(command: string | undefined, args: readonly string[]) {
  const env = { ...process.env, PATH: systemPath.join(delimiter) };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(command ?? 'node', args, { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

function majorOf(node: string): number {
  return Number.parseInt(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.slice(1), 10);
}

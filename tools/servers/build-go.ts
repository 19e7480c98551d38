import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A large program takes some ten minutes on two busy cores. */
const LIMIT_MS = 60 * 60_000;

/**
 * Builds a Go program of the module proxy as `folder/<its name>`, with a module and caches of its own that are deleted afterwards.
 * It gives way to all other work.
 */
export async function buildGo(folder: string, program: string, version: string): Promise<void> {
  const work = await mkdtemp(path.join(tmpdir(), 'ovr-alpr-go-'));
  const env = {
    ...process.env,
    GOFLAGS: '-modcacherw',
    GOMODCACHE: path.join(work, 'modules'),
    GOCACHE: path.join(work, 'cache'),
    GOTELEMETRY: 'off',
    CGO_ENABLED: '0',
  };
  const go = (...args: string[]) => run('nice', ['-n', '19', 'go', ...args], options);
  const options = { cwd: work, env, timeout: LIMIT_MS, maxBuffer: 1 << 26 };
  try {
    await go('mod', 'init', 'server');
    await go('get', '-tool', `${program}@${version}`);
    await go('build', '-trimpath', '-ldflags=-s -w', '-o', path.join(folder, path.posix.basename(program)), program);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

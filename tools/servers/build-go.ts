import { execFile } from 'node:child_process';
import { copyFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

/** A large program takes some ten minutes on two free cores. */
const LIMIT_MS = 90 * 60_000;

/** A program of a module, one that its module alone can build, in a folder of it, or one of ours that is made of modules. */
export type GoProgram = Readonly<
  { program: string } | { module: string; folder: string } | { modules: readonly string[] }
>;

type Build = Readonly<{ name: string; version: string; from: GoProgram; source: string | undefined }>;

/**
 * Builds a Go program as `folder/<name>`, from the module proxy, with caches of its own that are deleted afterwards. It gives way
 * to all other work.
 */
export async function buildGo(folder: string, { name, version, from, source }: Build): Promise<void> {
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
  const build = ['build', '-mod=mod', '-trimpath', '-ldflags=-s -w', '-o', path.join(folder, name)];
  try {
    if ('program' in from) {
      await go('mod', 'init', 'server');
      await go('get', '-tool', `${from.program}@${version}`);
      await go(...build, from.program);
      return;
    }
    if ('module' in from) {
      const { stdout } = await go('mod', 'download', '-json', `${from.module}@${version}`);
      const { Dir } = z.object({ Dir: z.string() }).parse(JSON.parse(stdout));
      // What it downloaded is read-only for Go: a build may add to the list of sums.
      options.cwd = path.join(work, 'module');
      await cp(Dir, options.cwd, { recursive: true });
      await go(...build, from.folder);
      return;
    }
    if (source !== undefined) await copyFile(source, path.join(work, 'main.go'));
    const lines = from.modules.map((module) => `\t${module}\n`).join('');
    await writeFile(path.join(work, 'go.mod'), `module server\n\ngo 1.25.0\n\nrequire (\n${lines})\n`);
    await go(...build, '.');
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

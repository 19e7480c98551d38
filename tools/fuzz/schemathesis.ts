import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../servers/cache.ts';
import { ensureTools } from '../servers/tools.ts';
import type { Caller } from './stage.ts';

const VERSION = '4.32.5';
const HOOKS = join(import.meta.dirname, 'hooks.py');
/** Cases that are drawn for each operation, valid ones and others. */
const CASES = 14;

/** Answers end when the asker goes (`watchLive`), would stop what is asked (`changeService`), or leave cameras behind that compute. */
const LEFT_OUT = ['watchLive', 'changeService', 'addCamera', 'changeCamera', 'tryCamera'] as const;

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'stays_in_scope',
] as const;

/** How many answers there were, of which statuses, and whether all were as they should be. */
export type Counts = Readonly<{ requests: number; statuses: Readonly<Record<string, number>>; isWell: boolean }>;

/** The program in the cache of test servers; installed there with its packages the first time. */
export async function ensureSchemathesis(): Promise<string> {
  const folder = join(cacheFolder(), `schemathesis-${VERSION}`);
  const program = join('bin', 'schemathesis');
  if (existsSync(join(folder, program))) return join(folder, program);
  await ensureTools(['python3'], console.error);
  console.error(`Installing Schemathesis ${VERSION} (once) …`);
  await mkdir(cacheFolder(), { recursive: true });
  // A virtual environment knows its own address, so it is made in its place.
  await rm(folder, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', folder]);
  await run(join(folder, 'bin', 'pip'), [
    'install',
    '--quiet',
    '--disable-pip-version-check',
    `schemathesis==${VERSION}`,
  ]);
  return join(folder, program);
}

type Asking = Readonly<{ program: string; url: string; caller: Caller; seed: number }>;

/** Asks every operation as somebody; what is wrong goes to standard output, as Schemathesis tells it. */
export async function askAs({ program, url, caller, seed }: Asking): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'alpr-fuzz-'));
  const counted = join(folder, 'counted.json');
  const description = join(folder, 'openapi.json');
  await writeFile(description, await (await fetch(`${url}/openapi.json`)).text());
  const args = [
    ...['run', description, '--url', `${url}/api/v1`, '--seed', String(seed)],
    ...['--phases', 'fuzzing', '--max-examples', String(CASES), '--continue-on-failure'],
    ...['--checks', CHECKS.join(','), '--request-timeout', '60', '--warnings', 'off', '--no-color'],
    ...['--suppress-health-check', 'all', ...LEFT_OUT.flatMap((id) => ['--exclude-operation-id', id])],
  ];
  const env = {
    ...process.env,
    SCHEMATHESIS_HOOKS: HOOKS,
    FUZZ_URL: url,
    FUZZ_CALLER: JSON.stringify(caller),
    FUZZ_COUNTED: counted,
  };
  try {
    const code = await run(program, args, { env, cwd: folder });
    const { requests, statuses } = JSON.parse(await readFile(counted, 'utf8'));
    return { requests, statuses, isWell: code === 0 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(program: string, args: readonly string[], options: object = {}): Promise<number | null> {
  const child = spawn(program, args, { stdio: 'inherit', ...options });
  const [code] = await once(child, 'exit');
  return code;
}

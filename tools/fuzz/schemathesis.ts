import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../servers/cache.ts';
import { ensureTools } from '../servers/tools.ts';
import type { Stage } from './stage.ts';

const VERSION = '4.32.5';
const HOOKS = join(import.meta.dirname, 'hooks.py');
/** Cases that are drawn for each operation in one round, valid ones and others. */
const CASES = 40;

/** Answers end when the asker goes (`watchLive`), would stop what is asked (`changeService`), or leave cameras behind that compute. */
const LEFT_OUT = ['watchLive', 'changeService', 'addCamera', 'changeCamera', 'tryCamera'] as const;

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
] as const;

/** How often somebody got which status, and by which operations something. */
export type Counts = Readonly<{ statuses: Readonly<Record<string, number>>; reached: readonly string[] }>;

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

/** What came of one round: whether all was as it should be, and the counts of each caller by name. */
type Round = Readonly<{ isWell: boolean; counts: Readonly<Record<string, Counts>> }>;

/** Generates cases for every operation and sends each as every caller; Schemathesis reports failures on standard output. */
export async function askEverybody(program: string, stage: Stage, seed: number): Promise<Round> {
  const callers = JSON.stringify(await stage.signIn());
  const document = await (await fetch(`${stage.url}/openapi.json`)).text();
  const folder = await mkdtemp(join(tmpdir(), 'alpr-fuzz-'));
  const counted = join(folder, 'counted.json');
  const description = join(folder, 'openapi.json');
  const settings = join(folder, 'schemathesis.toml');
  const people = join(folder, 'callers.json');
  await writeFile(description, document);
  await writeFile(settings, knowing(stage.words));
  await writeFile(people, callers);
  const args = [
    ...['--config-file', settings, 'run', description, '--url', `${stage.url}/api/v1`, '--seed', String(seed)],
    ...['--phases', 'fuzzing', '--max-examples', String(CASES), '--continue-on-failure', '--no-shrink'],
    ...['--checks', [...CHECKS, 'answers_everybody'].join(','), '--request-timeout', '60', '--warnings', 'off'],
    ...['--no-color', '--generation-database', 'none', '--suppress-health-check', 'all'],
    ...LEFT_OUT.flatMap((id) => ['--exclude-operation-id', id]),
  ];
  const env = {
    ...process.env,
    SCHEMATHESIS_HOOKS: HOOKS,
    FUZZ_URL: stage.url,
    FUZZ_CALLERS: people,
    FUZZ_SPARE: stage.spare,
    FUZZ_CHECKS: CHECKS.join(','),
    FUZZ_COUNTED: counted,
  };
  try {
    const code = await run(program, args, { env, cwd: folder });
    return { isWell: code === 0, counts: JSON.parse(await readFile(counted, 'utf8')) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Draws one of these words now and then where a text is asked for. */
function knowing(words: readonly string[]): string {
  const known = words.map((word) => JSON.stringify(word)).join(', ');
  return `[dictionaries.known]\nvalues = [${known}]\n[generation.dictionaries]\nstring = { dictionary = "known", probability = 0.25 }\n`;
}

async function run(program: string, args: readonly string[], options: object = {}): Promise<number | null> {
  const child = spawn(program, args, { stdio: 'inherit', ...options });
  const [code] = await once(child, 'exit');
  return code;
}

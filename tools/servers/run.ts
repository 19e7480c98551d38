import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { messageOf } from '../../src/base/errors.ts';
import { lockFolder } from '../../src/base/folder-lock.ts';
import { installServers } from './install.ts';
import { COMPILED, COMPOSED, EARLIER, PACKAGES, type ServerName } from './packages.ts';
import { mergeSettings, STACK, type StackName, type StackPart, startPart } from './running.ts';
import { keepStackFile } from './stack-file.ts';

const EXAMPLES = `
Examples:
  npm run stack                          all servers, and a configuration file for the program
  npm run stack -- --only kafka,s3       these alone; the rest of the program stays as it is by default
  npm run stack -- --fresh               forget what an earlier run kept
  npm run stack -- --install             install what is missing, for tests too, and end`;

const WATCH_MS = 1000;

/** A server that ends more often than this is not started again. */
const OFTEN = { times: 5, withinMs: 600_000 };

type Flags = Readonly<{
  only?: readonly StackName[];
  data: string;
  fresh?: boolean;
  install?: true | 'earlier' | 'compiled';
}>;

const program = new Command('npm run stack --')
  .description(
    'Starts the real servers on this machine without containers: Kafka, Schema Registry, PostgreSQL, S3, OpenSearch. Ctrl-C stops them.',
  )
  .option('--only <names>', `comma-separated, out of ${STACK.join(', ')}`, parseNames)
  .option('--data <folder>', 'where they keep their data', path.join('data', 'stack'))
  .option('--fresh', 'delete that folder first')
  .addOption(
    new Option(
      '--install [which]',
      'install what is missing, start nothing; with "earlier" also earlier versions, with "compiled" also what takes minutes to compile',
    ).choices(['earlier', 'compiled']),
  )
  .addHelpText('after', EXAMPLES);
program.parse();
const flags = program.opts<Flags>();

try {
  process.exitCode = flags.install ? await install(listServers(flags.install)) : await run();
} catch (error) {
  say(messageOf(error));
  process.exitCode = 1;
}

async function run(): Promise<number> {
  const names = flags.only ?? STACK;
  const faults = await install(names);
  if (faults > 0) return faults;
  const folder = path.resolve(flags.data);
  await mkdir(folder, { recursive: true, mode: 0o711 });
  const stopping = waitForSignal();
  await using opened = new AsyncDisposableStack();
  opened.use(await lockFolder(folder));
  if (flags.fresh)
    for (const name of [...STACK, 'alpr']) await rm(path.join(folder, name), { recursive: true, force: true });
  say(`Starting ${names.join(', ')} …`);
  const outcomes = await Promise.allSettled(names.map((name) => startPart(name, folder)));
  const parts = outcomes.filter((one) => one.status === 'fulfilled').map(({ value }) => opened.use(value));
  for (const one of outcomes) if (one.status === 'rejected') throw one.reason;
  const file = path.join(folder, 'alpr.yaml');
  const state = await keepStackFile(file, mergeSettings(parts, path.join(folder, 'alpr')), flags.fresh ?? false);
  if (state !== 'made') say(`${nameFile(file)} ${state === 'kept' ? 'stays as it is' : 'gets what it lacked'}.`);
  if (!stopping.aborted) process.stdout.write(describe(parts, nameFile(file)));
  const code = await watch(parts, stopping);
  say('Stopping …');
  return code;
}

/** Starts a server that ended by itself again, until we are told to stop (0) or one ends too often (1). */
async function watch(parts: readonly StackPart[], stopping: AbortSignal): Promise<number> {
  const ends = new Map<StackPart, number[]>();
  while (!stopping.aborted) {
    for (const part of parts.filter(({ control }) => !control.isRunning)) {
      const lately = [...(ends.get(part) ?? []), Date.now()].filter((at) => at > Date.now() - OFTEN.withinMs);
      ends.set(part, lately);
      const ended = `${part.title} ended by itself; see ${part.control.logFile}`;
      if (lately.length > OFTEN.times) {
        say(`${ended}. It did so ${OFTEN.times} times in ${OFTEN.withinMs / 60_000} minutes.`);
        return 1;
      }
      say(`${ended}. Starting it again …`);
      await part.control.restart();
      say(`${part.title} serves again.`);
    }
    await sleep(WATCH_MS, undefined, { signal: stopping }).catch(() => {});
  }
  return 0;
}

function describe(parts: readonly StackPart[], file: string): string {
  const width = Math.max(...parts.map(({ title }) => title.length));
  const lines = parts.map(({ title, address }) => `  ${title.padEnd(width)}  ${address}`);
  const commands = listProcesses(parts);
  const longest = Math.max(...commands.map((name) => name.length));
  return [
    '',
    ...lines,
    '',
    commands.length > 1 ? 'Try it, each in a terminal of its own:' : 'Try it:',
    ...commands.map((name) => `  npx alpr ${name.padEnd(longest)} --config ${file}`),
    '',
    'Ctrl-C stops the servers; their data stay.',
    '',
  ].join('\n');
}

/** Every process that it takes to see everything work: without a broker one does it all. */
function listProcesses(parts: readonly StackPart[]): readonly string[] {
  const has = (name: StackName) => parts.some((part) => part.name === name);
  if (!has('kafka')) return ['start'];
  return ['ingest', ...(has('opensearch') ? ['index'] : []), 'serve', 'edge', 'metrics-consumer'];
}

function nameFile(file: string): string {
  const near = path.relative('.', file);
  return near.startsWith('..') ? file : near;
}

/** The first Ctrl-C stops in good order; at the second the servers are killed with us. */
function waitForSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(1);
      stopping.abort();
    });
  }
  return stopping.signal;
}

function listServers(which: NonNullable<Flags['install']>): readonly ServerName[] {
  const left: readonly ServerName[] = [
    ...COMPOSED,
    ...(which === 'compiled' ? [] : COMPILED),
    ...(which === true ? EARLIER : []),
  ];
  return (Object.keys(PACKAGES) as ServerName[]).filter((name) => !left.includes(name));
}

async function install(names: readonly ServerName[]): Promise<number> {
  const faults = await installServers(names, say);
  for (const [name, why] of faults) say(`${name} cannot be installed: ${why}`);
  return faults.size > 0 ? 1 : 0;
}

function parseNames(text: string): readonly StackName[] {
  return text.split(',').map((name) => {
    const known = STACK.find((one) => one === name.trim());
    if (known) return known;
    throw new InvalidArgumentError(`Expected names out of ${STACK.join(', ')}, got "${name}".`);
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

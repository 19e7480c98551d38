import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { messageOf } from '../../src/base/errors.ts';
import { lockFolder } from '../../src/base/folder-lock.ts';
import { whyMissing } from '../servers/cache.ts';
import { installServers } from '../servers/install.ts';
import { startJaeger } from '../servers/jaeger.ts';
import { STACK, type StackName } from '../servers/running.ts';
import { startVictoriaLogs } from '../servers/victoria-logs.ts';
import { startObserved } from './observe.ts';
import { pushLogs } from './push-logs.ts';

const EXAMPLES = `
Examples:
  npm run observe                              everything, with a simulated road
  npm run observe -- --only kafka,registry,postgres,s3
  npm run observe -- --faster 60               alarms come 60 times sooner: a minute is a second
  npm run observe -- --fresh                   forget what an earlier run kept`;

type Flags = Readonly<{ only: readonly StackName[]; data: string; faster: number; fresh?: boolean }>;

const command = new Command('npm run observe --')
  .description(
    'Starts the whole system over real servers, and Prometheus, Alertmanager and exporters that look on, without containers. Ctrl-C stops everything.',
  )
  .option('--only <names>', `servers, comma-separated, out of ${STACK.join(', ')}`, parseNames, [...STACK])
  .option('--data <folder>', 'where everything is kept', join('data', 'observe'))
  .option('--faster <times>', 'how many times shorter the spans of alarms are', parseTimes, 1)
  .option('--fresh', 'delete that folder first')
  .addHelpText('after', EXAMPLES);
command.parse();

try {
  process.exitCode = await run(command.opts<Flags>());
} catch (error) {
  say(messageOf(error));
  process.exitCode = 1;
}

async function run({ only, data, faster, fresh }: Flags): Promise<number> {
  const faults = await installServers([...only, 'promtool', 'alertmanager', 'exporters'], say);
  for (const [name, why] of faults) say(`${name} cannot be installed: ${why}`);
  if (faults.size > 0) return 1;
  const folder = resolve(data);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => (stopping.signal.aborted ? process.exit(1) : stopping.abort()));
  }
  if (fresh) await rm(folder, { recursive: true, force: true });
  await using opened = new AsyncDisposableStack();
  opened.use(await lockFolder(folder));
  const cameras = [
    { kind: 'simulator', id: 'north', name: 'North road', passages_per_minute: 20 },
    { kind: 'simulator', id: 'south', name: 'South road', passages_per_minute: 10, seed: 2, fps: 5 },
  ];
  for (const name of ['jaeger', 'victoria-logs'] as const) {
    if (whyMissing(name)) say(`${name} is not built here: "node tools/prepare.js servers" does it, in some minutes.`);
  }
  const jaeger = whyMissing('jaeger') ? undefined : opened.use(await startJaeger());
  const logs = whyMissing('victoria-logs') ? undefined : opened.use(await startVictoriaLogs());
  const settings = { cameras, ...(jaeger && { tracing: { endpoint: jaeger.grpc, share: 1 } }) };
  const observed = await startObserved(opened, { folder, servers: only, settings, faster, say });
  if (logs) {
    opened.use(
      pushLogs(
        [...observed.services.values()].map(({ logFile }) => logFile),
        logs.url,
      ),
    );
  }
  const addresses = [
    ...observed.addresses,
    ...(jaeger ? [{ title: 'Jaeger', address: jaeger.query }] : []),
    ...(logs ? [{ title: 'VictoriaLogs', address: `${logs.url}/select/vmui` }] : []),
  ];
  const width = Math.max(...addresses.map(({ title }) => title.length));
  const lines = addresses.map(({ title, address }) => `  ${title.padEnd(width)}  ${address}`);
  const first = 'The first account: npx alpr users add NAME --role admin --config';
  process.stdout.write(
    `\n${lines.join('\n')}\n\n${first} ${observed.configFile}\nCtrl-C stops everything; data stay.\n`,
  );
  // What runs beside us keeps nobody waiting.
  while (!stopping.signal.aborted) await sleep(60_000, undefined, { signal: stopping.signal }).catch(() => undefined);
  say('Stopping …');
  return 0;
}

function parseNames(text: string): readonly StackName[] {
  return text.split(',').map((name) => {
    const known = STACK.find((one) => one === name.trim());
    if (known) return known;
    throw new InvalidArgumentError(`Expected names out of ${STACK.join(', ')}, got "${name}".`);
  });
}

function parseTimes(text: string): number {
  const times = Number(text);
  if (times >= 1 && times <= 600) return times;
  throw new InvalidArgumentError(`Expected a number from 1 to 600, got "${text}".`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

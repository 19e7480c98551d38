import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../src/base/random.ts';
import { createAuthorization } from '../servers/api-token.ts';
import { type Run, readFinalIds, startSystem } from './process.ts';

export type KillOptions = Readonly<{ passages: number; rounds: number; seed: number }>;

type Served = Run & Readonly<{ authorization: string }>;

type EventsPage = { events: { event_id: string; status: string }[]; next: string | null };

/**
 * Kills the whole system (SIGKILL) at random moments while simulated traffic passes, then holds the database against
 * the log: every event that was final and safe before a kill must be there, final, exactly once.
 */
export async function soakKill(options: KillOptions): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'alpr-soak-'));
  const logFile = join(folder, 'log.jsonl');
  const configFile = join(folder, 'alpr.yaml');
  await writeFile(configFile, createConfig(folder, options.seed));
  const { next: random } = createRandom(options.seed);
  const perRound = options.passages / (options.rounds + 1);
  for (let round = 1; round <= options.rounds; round++) {
    const run = await startSystem(configFile, logFile);
    const before = (await readFinalIds(logFile)).size;
    await waitForFinals(logFile, before + perRound * (0.5 + random()));
    await sleep(random() * 1000);
    run.child.kill('SIGKILL');
    await run.exited;
    console.log(`round ${round}: killed with ${(await readFinalIds(logFile)).size} passages final on disk`);
  }
  const run = await startSystem(configFile, logFile);
  await waitForFinals(logFile, options.passages);
  const passed = await compare({ ...run, authorization: await createAuthorization(['--config', configFile]) }, logFile);
  run.child.kill('SIGTERM');
  await run.exited;
  if (passed) await rm(folder, { recursive: true });
  else console.log(`kept for a look: ${folder}`);
  return passed;
}

/** Two busy simulated roads; passages last seconds, so that kills hit them in the middle. */
function createConfig(folder: string, seed: number): string {
  const camera = (id: string, at: number) =>
    `  - {id: ${id}, kind: simulator, seed: ${seed + at}, lanes: 3, passages_per_minute: 200, fps: 10}\n`;
  return `data: ${JSON.stringify(join(folder, 'data'))}\nserver: {port: 0}\ncameras:\n${camera('road-a', 0)}${camera('road-b', 1000)}`;
}

async function waitForFinals(logFile: string, count: number): Promise<void> {
  for (let last = -1, quiet = 0; ; await sleep(500)) {
    const { size } = await readFinalIds(logFile);
    if (size >= count) return;
    quiet = size === last ? quiet + 1 : 0;
    if (quiet > 240) throw new Error(`No passage became final for two minutes; ${size} of ${Math.round(count)}`);
    last = size;
  }
}

async function compare(run: Served, logFile: string): Promise<boolean> {
  const expected = await readFinalIds(logFile);
  const stored = await settle(run, expected);
  const missing = [...expected].filter((id) => !stored.has(id));
  const notFinal = [...expected].filter(
    (id) => stored.has(id) && !stored.get(id)?.every((status) => status === 'final'),
  );
  const doubled = [...stored].filter(([, statuses]) => statuses.length > 1);
  console.table({
    'final before a kill or the end': expected.size,
    'of these missing in the database': missing.length,
    'of these not final there': notFinal.length,
    'events with more than one row': doubled.length,
  });
  return missing.length === 0 && notFinal.length === 0 && doubled.length === 0;
}

/** The last events may still be on their way: ten seconds to arrive. */
async function settle(run: Served, expected: ReadonlySet<string>): Promise<Map<string, string[]>> {
  for (let attempt = 0; ; attempt++) {
    const stored = await readStored(run);
    if (attempt >= 10 || [...expected].every((id) => stored.get(id)?.includes('final'))) return stored;
    await sleep(1000);
  }
}

async function readStored({ url, authorization }: Served): Promise<Map<string, string[]>> {
  const stored = new Map<string, string[]>();
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = new URLSearchParams({ limit: '200', ...(cursor ? { cursor } : {}) });
    const page = (await (
      await fetch(`${url}/events/recent?${query}`, { headers: { authorization } })
    ).json()) as EventsPage;
    for (const { event_id, status } of page.events) stored.set(event_id, [...(stored.get(event_id) ?? []), status]);
    cursor = page.next;
  }
  return stored;
}

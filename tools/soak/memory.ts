import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMemory, readProcessorSeconds, startSystem } from './process.ts';

const SAMPLE_MS = 10_000;

/** Growth of the median memory from the second to the last quarter that counts as none, megabytes. */
const ALLOWED_GROWTH_MB = 40;

/** Runs four simulated cameras and watches the resident memory of the process. */
export async function soakMemory(options: Readonly<{ minutes: number }>): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'alpr-soak-'));
  const configFile = join(folder, 'alpr.yaml');
  const cameras = [1, 2, 3, 4].map((at) => `  - {id: road-${at}, kind: simulator, seed: ${at}}\n`).join('');
  await writeFile(configFile, `data: ${JSON.stringify(join(folder, 'data'))}\nserver: {port: 0}\ncameras:\n${cameras}`);
  const run = await startSystem(configFile, join(folder, 'log.jsonl'));
  const { pid } = run.child;
  if (pid === undefined) throw new Error('The system started without a process');
  const samples: number[] = [];
  const begun = performance.now();
  while (performance.now() - begun < options.minutes * 60_000) {
    await sleep(SAMPLE_MS);
    samples.push(await readMemory(pid));
    if (samples.length % 6 === 0) console.log(`minute ${samples.length / 6}: ${samples.at(-1)?.toFixed(0)} MB`);
  }
  const cores = (await readProcessorSeconds(pid)) / ((performance.now() - begun) / 1000);
  run.child.kill('SIGTERM');
  await run.exited;
  await rm(folder, { recursive: true });
  const quarter = Math.floor(samples.length / 4);
  const [second, last] = [median(samples.slice(quarter, 2 * quarter)), median(samples.slice(-quarter))];
  console.table({
    'cores used': cores.toFixed(2),
    'median MB in the second quarter': second.toFixed(0),
    'median MB in the last quarter': last.toFixed(0),
    'highest MB': Math.max(...samples).toFixed(0),
  });
  return last - second < ALLOWED_GROWTH_MB;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

import { Agent, get, type RequestOptions } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, Worker, workerData } from 'node:worker_threads';

/** How requests come: so many a second, from these callers in turn, or from nobody. */
export type Load = Readonly<{ rate: number; seconds: number; callers?: readonly string[] }>;

/**
 * Milliseconds from the moment a request was due to its last byte: a late answer delays no later request. The client has a thread
 * and a heap of its own, so that its garbage does not delay the server that is measured.
 */
export function measure(url: string, load: Load): Promise<number[]> {
  const client = new Worker(new URL(import.meta.url), { workerData: { url, load } });
  return new Promise((resolve, reject) => {
    client.once('message', resolve);
    client.once('error', reject);
  });
}

async function send(url: string, { rate, seconds, callers = [] }: Load): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const optionsOf = (index: number): RequestOptions => {
    const authorization = callers[index % callers.length];
    return { agent, headers: authorization === undefined ? {} : { authorization } };
  };
  for (let warm = 0; warm < 50; warm++) await ask(url, optionsOf(warm));
  const asked: Promise<number>[] = [];
  const started = performance.now();
  for (let index = 0; index < rate * seconds; index++) {
    const due = started + (index * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    asked.push(ask(url, optionsOf(index)).then(() => performance.now() - due));
  }
  const times = await Promise.all(asked);
  agent.destroy();
  return times;
}

function ask(url: string, options: RequestOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, options, (response) => {
      if (response.statusCode !== 200) reject(new Error(`expected 200, got ${response.statusCode}`));
      response.resume().once('end', resolve);
    }).once('error', reject);
  });
}

if (parentPort) {
  const { url, load } = workerData as Readonly<{ url: string; load: Load }>;
  parentPort.postMessage(await send(url, load));
}

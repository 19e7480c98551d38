import { Agent, get, type OutgoingHttpHeaders, type RequestOptions } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, Worker } from 'node:worker_threads';

/** How requests come: this many a second, with the headers of these callers in turn, or with none. */
export type Load = Readonly<{ rate: number; seconds: number; callers?: readonly OutgoingHttpHeaders[] }>;

/** Sends loads one after the other, over connections that it keeps. */
export type LoadClient = AsyncDisposable &
  Readonly<{
    /** Milliseconds from the moment a request was due to its last byte: a late answer delays no later request. */
    measure(url: string, load: Load): Promise<number[]>;
  }>;

/** The client has a thread and a heap of its own, so that its garbage does not delay the server that is measured. */
export function openLoadClient(): LoadClient {
  const worker = new Worker(new URL(import.meta.url));
  return {
    measure: (url, load) =>
      new Promise((resolve, reject) => {
        worker.removeAllListeners();
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.postMessage({ url, load });
      }),
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}

/** The same with a client for this load alone. */
export async function measure(url: string, load: Load): Promise<number[]> {
  await using client = openLoadClient();
  return await client.measure(url, load);
}

async function send(agent: Agent, url: string, { rate, seconds, callers = [] }: Load): Promise<number[]> {
  const optionsOf = (index: number): RequestOptions => ({ agent, headers: callers[index % callers.length] ?? {} });
  for (let warm = 0; warm < 50; warm++) await ask(url, optionsOf(warm));
  const asked: Promise<number>[] = [];
  const started = performance.now();
  for (let index = 0; index < rate * seconds; index++) {
    const due = started + (index * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    asked.push(ask(url, optionsOf(index)).then(() => performance.now() - due));
  }
  return Promise.all(asked);
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
  const port = parentPort;
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  port.on('message', async ({ url, load }: Readonly<{ url: string; load: Load }>) => {
    port.postMessage(await send(agent, url, load));
  });
}

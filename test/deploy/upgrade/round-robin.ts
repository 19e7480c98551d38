import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often each server is asked whether it is ready, and how long a request may take, milliseconds. */
const [LOOK_MS, LIMIT_MS] = [100, 20_000];
/** How many times in a row it says no until nothing is sent to it, as HAProxy does unless told otherwise. */
const FALL = 3;

type Backend = { readonly url: string; isReady: boolean; isAdmitted: boolean; open: number };

/** What a request came to that was not answered well: the status, or the error. */
type Failure = Readonly<{ at: string; url: string; why: string }>;

/**
 * What a load balancer does, and its clients: asks each server in turn, over connections that it keeps, but only those whose
 * `/health` says 200 and that nobody took out.
 */
export class RoundRobin implements AsyncDisposable {
  answers = 0;
  slowestMs = 0;
  readonly failures: Failure[] = [];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });
  readonly #backends: readonly Backend[];
  readonly #closing = new AbortController();
  readonly #working: Promise<unknown>;
  #next = 0;

  constructor(
    options: Readonly<{ urls: readonly string[]; authorization: string; paths: readonly string[]; perSecond: number }>,
  ) {
    this.#backends = options.urls.map((url) => ({ url, isReady: false, isAdmitted: true, open: 0 }));
    this.#working = Promise.all([...this.#backends.map((backend) => this.#look(backend)), this.#ask(options)]);
  }

  /** Sends nothing more to a server until it is admitted again, as an administrator may tell a load balancer. */
  admit(url: string, isAdmitted: boolean): void {
    this.#find(url).isAdmitted = isAdmitted;
  }

  isReady(url: string): boolean {
    return this.#find(url).isReady;
  }

  /** How many requests a server has not answered yet. */
  countOpen(url: string): number {
    return this.#find(url).open;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#working;
    this.#agent.destroy();
  }

  #find(url: string): Backend {
    const found = this.#backends.find((backend) => backend.url === url);
    if (found === undefined) throw new Error(`Expected a server of this balancer, got ${url}`);
    return found;
  }

  async #look(backend: Backend): Promise<void> {
    let misses = 0;
    while (!this.#closing.signal.aborted) {
      const isWell = (await this.#get(`${backend.url}/health`)) === 200;
      misses = isWell ? 0 : misses + 1;
      backend.isReady = isWell || (backend.isReady && misses < FALL);
      await sleep(LOOK_MS);
    }
  }

  async #ask({
    authorization,
    paths,
    perSecond,
  }: Readonly<{ authorization: string; paths: readonly string[]; perSecond: number }>) {
    while (!this.#backends.some(({ isReady }) => isReady)) await sleep(LOOK_MS);
    const asked = new Set<Promise<void>>();
    for (let at = 0; !this.#closing.signal.aborted; at++) {
      const asking = this.#askOne(paths[at % paths.length] ?? '/', authorization).finally(() => asked.delete(asking));
      asked.add(asking);
      await sleep(1000 / perSecond);
    }
    await Promise.all(asked);
  }

  async #askOne(path: string, authorization: string): Promise<void> {
    const ready = this.#backends.filter(({ isReady, isAdmitted }) => isReady && isAdmitted);
    const backend = ready[this.#next++ % ready.length];
    const began = performance.now();
    if (backend) backend.open++;
    const said = backend ? await this.#get(backend.url + path, authorization) : 'no server is ready';
    if (backend) backend.open--;
    this.slowestMs = Math.max(this.slowestMs, performance.now() - began);
    if (said === 200) this.answers++;
    else this.failures.push({ at: new Date().toISOString(), url: `${backend?.url}${path}`, why: String(said) });
  }

  /** The status of the whole answer, or the code of the error. */
  #get(url: string, authorization?: string): Promise<number | string> {
    const { promise, resolve } = Promise.withResolvers<number | string>();
    // Asking for its health does not queue behind what others ask for.
    const own = authorization === undefined ? { agent: false } : { agent: this.#agent, headers: { authorization } };
    const request = get(url, { ...own, timeout: LIMIT_MS }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', (error) => resolve(error.message));
    });
    request.once('timeout', () => request.destroy(new Error('no answer in time')));
    request.once('error', (error) => resolve(error.message));
    return promise;
  }
}

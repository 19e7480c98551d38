import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { ExaminedService, RunningService, ServiceAction, ServiceControl, ServiceStatus } from '../base/service.ts';
import { explainFailure, type Health } from '../telemetry/health.ts';
import type { AnyService } from './services.ts';

type SupervisorOptions = Readonly<{
  /** In the order in which they start. */
  services: ReadonlyMap<AnyService, Health>;
  /** Checks and opens a service with what it needs. */
  open: (service: AnyService, health: Health) => Promise<RunningService>;
  log: Log;
}>;

type Kept = {
  readonly service: AnyService;
  readonly health: Health;
  running: RunningService | undefined;
  state: ServiceStatus['state'];
  since: Date;
  starts: number;
  message: string | undefined;
};

/** The services of one process: starts and stops them, all or one of them while the others go on. */
export class Supervisor implements ServiceControl, AsyncDisposable {
  /** Those that run, by name. */
  readonly byName = new Map<string, RunningService>();
  /** Rejects when one of them cannot go on; it never resolves. */
  readonly failed: Promise<never>;
  readonly #options: SupervisorOptions;
  readonly #kept: readonly Kept[];
  readonly #fail: (reason: unknown) => void;
  /** The change in hand: there is one at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#kept = [...options.services].map(([service, health]) => ({
      service,
      health,
      running: undefined,
      state: 'stopped',
      since: new Date(),
      starts: 0,
      message: undefined,
    }));
    const { promise, reject } = Promise.withResolvers<never>();
    this.failed = promise;
    this.#fail = reject;
    // Whoever runs them may look at it later.
    this.failed.catch(() => undefined);
  }

  /** Starts all of them in their order; rejects with what the first one fails with. */
  async openAll(): Promise<void> {
    for (const kept of this.#kept) await this.#start(kept);
  }

  list(): readonly ServiceStatus[] {
    return this.#kept.map(describe);
  }

  examine(): Promise<readonly ExaminedService[]> {
    return Promise.all(this.#kept.map(examine));
  }

  async change(name: string, action: ServiceAction): Promise<ExaminedService> {
    const kept = this.#kept.find(({ service }) => service.name === name);
    if (!kept) {
      const names = this.#kept.map(({ service }) => service.name).join(', ');
      throw new AlprError('NOT_FOUND', `Expected a service of this process (${names}), got "${name}"`);
    }
    const work = async () => {
      if (this.#isClosed) return;
      if (action !== 'start') await this.#stop(kept);
      if (action !== 'stop') await this.#start(kept);
    };
    const done = this.#turn
      .then(work)
      .catch((error: unknown) => this.#options.log.error({ err: error, service: name }, 'a service cannot be changed'));
    this.#turn = done;
    await done;
    return examine(kept);
  }

  /** Stops them in the opposite order; all are tried. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#turn;
    const closing = new AsyncDisposableStack();
    for (const { running } of this.#kept) if (running) closing.use(running);
    await closing.disposeAsync();
  }

  async #start(kept: Kept): Promise<void> {
    if (kept.running) return;
    const { service, health } = kept;
    move(kept, 'starting');
    try {
      const running = await this.#options.open(service, health);
      health.add(...(running.parts ?? []));
      running.failed?.catch(this.#fail);
      kept.running = running;
      this.byName.set(service.name, running);
      kept.starts += 1;
      move(kept, 'running');
    } catch (error) {
      move(kept, 'failed', error);
      throw error;
    }
  }

  async #stop(kept: Kept): Promise<void> {
    const { running, health, service } = kept;
    if (!running) return;
    move(kept, 'stopping');
    health.remove(...(running.parts ?? []));
    kept.running = undefined;
    this.byName.delete(service.name);
    try {
      await running[Symbol.asyncDispose]();
      move(kept, 'stopped');
    } catch (error) {
      move(kept, 'failed', error);
      throw error;
    }
  }
}

function move(kept: Kept, state: ServiceStatus['state'], error?: unknown): void {
  Object.assign(kept, {
    state,
    since: new Date(),
    message: error === undefined ? undefined : explainFailure(error).message,
  });
}

function describe({ service, state, since, starts, message }: Kept): ServiceStatus {
  return {
    name: service.name,
    summary: service.summary,
    state,
    since: since.toISOString(),
    restarts: Math.max(0, starts - 1),
    ...(message !== undefined && { message }),
  };
}

async function examine(kept: Kept): Promise<ExaminedService> {
  const parts = kept.running ? Object.entries((await kept.health.examine()).parts) : [];
  // Parts say more to those who watch one service alone.
  const said = parts.map(([name, { ok, kind, message }]) => [
    name,
    { ok, ...(kind !== undefined && { kind }), ...(message !== undefined && { message }) },
  ]);
  return { ...describe(kept), parts: Object.fromEntries(said) };
}

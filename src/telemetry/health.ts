import { AlprError, ERROR_CODES } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Part, PartCheck } from '../base/service.ts';

type PartState = Readonly<{ ok: boolean; kind?: string; message?: string }>;

export type HealthReport = Readonly<{
  status: 'starting' | 'ok' | 'degraded' | 'stopping';
  /** False until the service is ready, once it stops, and while a vital part does not work. */
  works: boolean;
  /** In the order of their names. */
  parts: Readonly<Record<string, PartState>>;
}>;

const LIMIT_MS = 2000;

/** How a service is. */
export class Health {
  readonly #log: Log;
  readonly #parts: Part[] = [];
  readonly #failing = new Set<string>();
  #stage: 'starting' | 'ready' | 'stopping' = 'starting';

  constructor(log: Log) {
    this.#log = log;
  }

  add(...parts: readonly Part[]): void {
    this.#parts.push(...parts);
    this.#parts.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  remove(...parts: readonly Part[]): void {
    for (const part of parts) this.#parts.splice(this.#parts.indexOf(part), 1);
  }

  /** To be called once everything is opened. */
  setReady(): void {
    this.#stage = 'ready';
  }

  /** Call it before anything is closed, so that load balancers send no more work. */
  setStopping(): void {
    this.#stage = 'stopping';
  }

  /**
   * Asks all parts at once, and logs those that fail or work again since the last time. Without one that is only useful the
   * work is done all the same, and the service is degraded.
   */
  async examine(): Promise<HealthReport> {
    const found = await Promise.all(this.#parts.map(async (part) => ({ ...part, said: await askInTime(part.check) })));
    for (const { name, said } of found) this.#noteChange(name, said);
    const isWell = found.every(({ said }) => said.ok);
    return {
      status: this.#stage !== 'ready' ? this.#stage : isWell ? 'ok' : 'degraded',
      works: this.#stage === 'ready' && found.every(({ dependence, said }) => dependence === 'useful' || said.ok),
      parts: Object.fromEntries(found.map(({ name, kind, said }) => [name, { ...(kind && { kind }), ...said }])),
    };
  }

  #noteChange(part: string, { ok, message }: PartState): void {
    if (ok === !this.#failing.has(part)) return;
    if (ok) {
      this.#failing.delete(part);
      this.#log.info({ part }, 'health: a part works again');
    } else {
      this.#failing.add(part);
      this.#log.warn({ part, reason: message }, 'health: a part does not work');
    }
  }
}

async function askInTime(check: PartCheck): Promise<PartState> {
  const { promise: tooLate, resolve } = Promise.withResolvers<PartState>();
  const timer = setTimeout(resolve, LIMIT_MS, { ok: false, message: `No answer within ${LIMIT_MS / 1000} s` });
  try {
    const said = await Promise.race([check().catch(explainFailure), tooLate]);
    return said.ok ? said : { ...said, message: said.message ?? 'It does not work' };
  } finally {
    clearTimeout(timer);
  }
}

/** What failed by its code alone: messages name addresses, and whoever may ask for the state need not know these. */
export function explainFailure(error: unknown): PartState {
  if (error instanceof AlprError) return { ok: false, message: ERROR_CODES[error.code].means };
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return { ok: false, message: code === undefined ? 'It fails; the log says more' : `It fails with ${code}` };
}

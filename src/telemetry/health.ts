import type { Part, PartCheck } from '../base/service.ts';

export type HealthReport = Readonly<{
  status: 'starting' | 'ok' | 'degraded';
  /** False until the service is ready, and while a vital part does not work. */
  works: boolean;
  parts: Readonly<Record<string, Readonly<{ ok: boolean; kind?: string }>>>;
}>;

const LIMIT_MS = 2000;

/** How a service is. */
export class Health {
  readonly #parts: Part[] = [];
  #isReady = false;

  add(...parts: readonly Part[]): void {
    this.#parts.push(...parts);
  }

  /** To be called once everything is opened. */
  setReady(): void {
    this.#isReady = true;
  }

  /** Asks all parts at once. Without one that is only useful the work is done all the same, and the service is degraded. */
  async examine(): Promise<HealthReport> {
    const found = await Promise.all(this.#parts.map(async (part) => ({ ...part, said: await askInTime(part.check) })));
    const isWell = found.every(({ said }) => said.ok);
    return {
      status: !this.#isReady ? 'starting' : isWell ? 'ok' : 'degraded',
      works: this.#isReady && found.every(({ dependence, said }) => dependence === 'useful' || said.ok),
      parts: Object.fromEntries(found.map(({ name, kind, said }) => [name, { ...(kind && { kind }), ...said }])),
    };
  }
}

async function askInTime(check: PartCheck): Promise<Readonly<{ ok: boolean }>> {
  const { promise: tooLate, resolve } = Promise.withResolvers<Readonly<{ ok: boolean }>>();
  const timer = setTimeout(resolve, LIMIT_MS, { ok: false });
  try {
    // Any failure means the same here, and the answer carries it.
    return await Promise.race([check().catch(() => ({ ok: false })), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

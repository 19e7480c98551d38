import type { FastifyRequest } from 'fastify';
import type { Log } from '../../base/log.ts';
import type { Principal } from '../../identity/principal.ts';
import type { Identify } from './identify.ts';

/** So long somebody is known without asking the database: what another process has ended is over after that. Milliseconds. */
const KNOWN_MS = 4000;
const MAX_KNOWN = 10_000;
/** The use of a token is noted this seldom, milliseconds. */
const NOTE_MS = 60_000;

type Known = Readonly<{ principal: Promise<Principal | undefined>; until: number }>;

type KnownOptions = Readonly<{
  identify: Identify;
  /** Keeps that a token was used. */
  noteTokenUse: (id: string) => Promise<void>;
  log: Log;
}>;

/** Remembers for some seconds who sends a request, so that most of them cost no query. */
export class KnownPrincipals {
  readonly #options: KnownOptions;
  readonly #known = new Map<string, Known>();
  readonly #noted = new Map<string, number>();

  constructor(options: KnownOptions) {
    this.#options = options;
  }

  readonly identify: Identify = async (request, isUse = true) => {
    const key = keyOf(request, isUse);
    if (key === undefined) return undefined;
    const known = this.#known.get(key);
    if (known && known.until > performance.now()) return known.principal;
    const principal = this.#options.identify(request, isUse);
    this.#keep(key, principal);
    const found = await principal.catch((error: unknown) => {
      this.#drop(key, principal);
      throw error;
    });
    // Only whoever is known is remembered.
    if (!found) this.#drop(key, principal);
    else if (found.kind === 'token') this.#noteUse(found.id);
    return found;
  };

  /** Asks anew from now on: something was changed. */
  forget(): void {
    this.#known.clear();
  }

  #keep(key: string, principal: Known['principal']): void {
    this.#known.delete(key);
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= MAX_KNOWN) this.#known.delete(oldest);
    this.#known.set(key, { principal, until: performance.now() + KNOWN_MS });
  }

  #drop(key: string, principal: Known['principal']): void {
    if (this.#known.get(key)?.principal === principal) this.#known.delete(key);
  }

  /** Nobody waits for it. */
  #noteUse(id: string): void {
    const { noteTokenUse, log } = this.#options;
    const now = performance.now();
    if (now - (this.#noted.get(id) ?? Number.NEGATIVE_INFINITY) < NOTE_MS) return;
    this.#noted.set(id, now);
    noteTokenUse(id).catch((error: unknown) => log.warn({ err: error }, 'the use of a token cannot be noted'));
  }
}

/** What somebody is known by, apart from looks that are no use; undefined for whoever shows nothing. */
function keyOf({ headers }: FastifyRequest, isUse: boolean): string | undefined {
  const { authorization, cookie } = headers;
  if (authorization === undefined && cookie === undefined) return undefined;
  return JSON.stringify([authorization, cookie, isUse]);
}

/** How many may be served, and how many may wait. */
type Bounds = Readonly<{
  /** Works that go on at the same time. */
  atOnce: number;
  /** Places for all together, those being served included. */
  places: number;
}>;

/** A place in the queue; disposal gives it up. */
export interface Place extends Disposable {
  /** Does the work when it is this place's turn. */
  take<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * A queue in which callers take turns: whoever has many works waiting delays others by no more than one of them. One caller has at
 * most half of the places.
 */
export class FairTurns {
  readonly #bounds: Bounds;
  readonly #places = new Map<string, number>();
  /** Who waits, in the order in which their turn comes. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #taken = 0;
  #running = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /** Undefined where there is no place left for this caller. */
  enter(who: string): Place | undefined {
    const own = this.#places.get(who) ?? 0;
    if (this.#taken >= this.#bounds.places || own >= Math.ceil(this.#bounds.places / 2)) return undefined;
    this.#taken += 1;
    this.#places.set(who, own + 1);
    let isOpen = true;
    return {
      take: (work) => this.#take(who, work),
      [Symbol.dispose]: () => {
        if (isOpen) this.#leave(who);
        isOpen = false;
      },
    };
  }

  #leave(who: string): void {
    this.#taken -= 1;
    const own = (this.#places.get(who) ?? 1) - 1;
    if (own === 0) this.#places.delete(who);
    else this.#places.set(who, own);
  }

  async #take<T>(who: string, work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#bounds.atOnce) this.#running += 1;
    // Whoever is done hands its turn on.
    else await new Promise<void>((resolve) => this.#waitingOf(who).push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#callNext();
      if (next) next();
      else this.#running -= 1;
    }
  }

  #waitingOf(who: string): (() => void)[] {
    const own = this.#waiting.get(who) ?? [];
    this.#waiting.set(who, own);
    return own;
  }

  /** The first caller's first work; a caller with more of them goes to the end. */
  #callNext(): (() => void) | undefined {
    const [entry] = this.#waiting;
    if (entry === undefined) return undefined;
    const [who, own] = entry;
    this.#waiting.delete(who);
    const next = own.shift();
    if (own.length > 0) this.#waiting.set(who, own);
    return next;
  }
}

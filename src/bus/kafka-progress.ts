import { AlprError } from '../base/errors.ts';
import type { BusMessage } from './transport.ts';

/** Until parked messages are handed over again, milliseconds. */
const AGAIN_MS = 5000;

/** Bytes of messages that may be parked; beyond them the batch waits as a whole. */
const MAX_BYTES = 64 << 20;

/**
 * How far a member has come on its partitions. Messages that cannot be read yet are parked: they are handed over again later,
 * and nothing from the oldest of them on is committed, so that the broker keeps them.
 */
export class Progress {
  readonly #handled = new Map<number, bigint>();
  readonly #committed = new Map<number, bigint>();
  readonly #parked = new Map<string, BusMessage>();
  #bytes = 0;
  #dueAt = Number.POSITIVE_INFINITY;

  /** How many messages are parked. */
  get parked(): number {
    return this.#parked.size;
  }

  /** Milliseconds until parked messages are to be handed over again. */
  get idleMs(): number {
    return this.#dueAt - performance.now();
  }

  /** Parks a message. REGISTRY_UNAVAILABLE when too many are parked already. */
  park(message: BusMessage): void {
    const { origin, value } = message;
    const name = `${origin?.partition}/${origin?.offset}`;
    if (this.#parked.has(name)) return;
    if (this.#bytes + value.length > MAX_BYTES) {
      throw new AlprError(
        'REGISTRY_UNAVAILABLE',
        'Expected the registry to be back by now: too many messages wait for it',
      );
    }
    this.#parked.set(name, message);
    this.#bytes += value.length;
    this.#dueAt = Math.min(this.#dueAt, performance.now() + AGAIN_MS);
  }

  /** What is to be handed over again now. */
  takeDue(): readonly BusMessage[] {
    if (this.idleMs > 0) return [];
    const due = [...this.#parked.values()];
    this.#parked.clear();
    this.#bytes = 0;
    this.#dueAt = Number.POSITIVE_INFINITY;
    return due;
  }

  noteHandled(batch: readonly Readonly<{ partition: number; offset: bigint }>[]): void {
    for (const { partition, offset } of batch) this.#handled.set(partition, offset + 1n);
  }

  /** What can be committed and is not yet, on the partitions that this member owns. */
  listCommits(owned: ReadonlySet<number>): readonly Readonly<{ partition: number; offset: bigint }>[] {
    const lowest = new Map<number, bigint>();
    for (const { origin } of this.#parked.values()) {
      if (origin && origin.offset < (lowest.get(origin.partition) ?? origin.offset + 1n))
        lowest.set(origin.partition, origin.offset);
    }
    return [...this.#handled]
      .map(([partition, handled]) => ({ partition, offset: min(handled, lowest.get(partition)) }))
      .filter(({ partition, offset }) => owned.has(partition) && offset !== this.#committed.get(partition));
  }

  noteCommitted(commits: readonly Readonly<{ partition: number; offset: bigint }>[]): void {
    for (const { partition, offset } of commits) this.#committed.set(partition, offset);
  }
}

function min(one: bigint, other = one): bigint {
  return one < other ? one : other;
}

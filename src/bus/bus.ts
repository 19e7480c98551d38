import { AlprError } from '../base/errors.ts';

export type BusMessage = Readonly<{
  topic: string;
  /** Messages with one key keep their order. */
  key: string;
  value: Uint8Array;
  headers: Readonly<Record<string, string>>;
  /** Where a broker keeps the message; absent before it has one, and in process. */
  origin?: Readonly<{ partition: number; offset: bigint }>;
}>;

export type SubscribeOptions = Readonly<{
  topic: string;
  /** Each group sees every message once; members of a group share them. */
  group: string;
  /** Most messages handed over at once. */
  maxBatch: number;
  /** Longest wait for a batch to fill, milliseconds. */
  maxWaitMs: number;
  /**
   * Where to begin: `committed` (default) goes on where the group stopped, a new one at the oldest message; `latest` sees
   * what comes from now on, for onlookers whose group remembers nothing.
   */
  from?: 'committed' | 'latest';
}>;

/**
 * Where services meet. `publish` resolves when the messages are safe: in process once every subscribed group has
 * handled them, on a broker once it has acknowledged them. A handler that throws gets the same batch again after a
 * backoff: delivery is at least once and handlers are idempotent.
 */
export interface Bus extends AsyncDisposable {
  readonly kind: 'memory' | 'kafka';
  /** False while the broker does not answer; it is tried again all the while. */
  readonly works: boolean;
  /**
   * BUS_UNAVAILABLE when the bus did not take the messages in time, MESSAGE_REFUSED when it will never take one of them as it
   * is; some may be on it all the same.
   */
  publish(messages: readonly BusMessage[]): Promise<void>;
  subscribe(
    options: SubscribeOptions,
    handle: (batch: readonly BusMessage[]) => Promise<void>,
  ): Promise<AsyncDisposable>;
}

/** A bus that keeps what was published, so that it can be read again. */
export interface KeepingBus extends Bus {
  /** Everything that a topic holds now, partition by partition, oldest first. BUS_UNAVAILABLE. */
  readTopic(topic: string): Promise<readonly BusMessage[]>;
}

/**
 * Publishes messages in their order but for those that the broker will never take: each of these goes to `putAside`, and the
 * others go on. The search for them publishes some of the others twice. Rejects as `publish` and `putAside` do.
 */
export async function publishAround(
  bus: Bus,
  messages: readonly BusMessage[],
  putAside: (message: BusMessage, refusal: AlprError) => Promise<void>,
): Promise<void> {
  try {
    await bus.publish(messages);
  } catch (error) {
    if (!(error instanceof AlprError) || error.code !== 'MESSAGE_REFUSED') throw error;
    const [only] = messages;
    if (only && messages.length === 1) return putAside(only, error);
    const half = messages.length >> 1;
    await publishAround(bus, messages.slice(0, half), putAside);
    await publishAround(bus, messages.slice(half), putAside);
  }
}

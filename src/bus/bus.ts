import { AlprError } from '../base/errors.ts';
import type { Topic, TopicContent, Topics } from '../contract/topics.ts';
import type { BusMessage } from './transport.ts';

/** Bytes that go out as they are, such as a dead letter that is handed in again; whether they fit their topic the receiver finds out. */
export class Raw {
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;

  constructor({ key, value, headers = {} }: Readonly<{ key: string; value: Uint8Array; headers?: Raw['headers'] }>) {
    this.key = key;
    this.value = value;
    this.headers = headers;
  }
}

/** What arrived is not what its topic carries: the reason, and the message with its bytes. */
export class Undecodable {
  readonly error: AlprError;
  readonly message: BusMessage;

  constructor(error: AlprError, message: BusMessage) {
    this.error = error;
    this.message = message;
  }
}

/** One message as a subscriber gets it. */
export interface Arrival<T> {
  /** How it travelled: key, bytes, headers, and where the broker keeps it. */
  readonly message: BusMessage;
  /** Decodes it, each time it is asked. */
  read(): T | Undecodable;
}

export type Subscription<T extends Topic> = Readonly<{
  topic: T;
  /** Each group sees every message once; the members of a group share them. */
  group: string;
  /** Whether this subscriber sees everything from now on by itself, and nothing is remembered of how far it came. */
  isOnlooker?: boolean;
  /** Whether an onlooker first gets the newest of each key, of a topic that keeps them. */
  fromStart?: boolean;
  /** Most messages handed over at once. */
  maxBatch: number;
  /** Longest wait for a batch to fill, milliseconds. */
  maxWaitMs: number;
}>;

/** Where services meet. What its messages look like on the way is its own affair. */
export interface Bus extends AsyncDisposable {
  /** For people: where the messages are. */
  readonly kind: string;
  /** False while the broker does not answer; it is retried meanwhile. */
  readonly works: boolean;
  /** Names of the topics as the broker has them. */
  readonly topics: Topics;
  /**
   * Resolves when the messages are safe: in process once every subscribed group has handled them, on a broker once it has
   * acknowledged them. BUS_UNAVAILABLE or REGISTRY_UNAVAILABLE when that did not happen in time, MESSAGE_REFUSED when one of
   * them will never be taken as it is; some may be on the bus all the same.
   */
  publish<T extends Topic>(topic: T, contents: readonly (TopicContent[T] | Raw)[]): Promise<void>;
  /** A handler that throws gets the same batch again after a pause: delivery is at least once, and handlers are idempotent. */
  subscribe<T extends Topic>(
    subscription: Subscription<T>,
    handle: (batch: readonly Arrival<TopicContent[T]>[]) => Promise<void>,
  ): Promise<AsyncDisposable>;
}

/**
 * Publishes in order but for what will never be taken: each of these goes to `putAside`, and the others go on. The search for
 * them publishes some of the others twice. Rejects as `publish` and `putAside` do.
 */
export async function publishAround<T>(
  publish: (items: readonly T[]) => Promise<void>,
  items: readonly T[],
  putAside: (item: T, refusal: AlprError) => Promise<void>,
): Promise<void> {
  try {
    await publish(items);
  } catch (error) {
    if (!(error instanceof AlprError) || error.code !== 'MESSAGE_REFUSED') throw error;
    const [only] = items;
    if (only !== undefined && items.length === 1) return putAside(only, error);
    const half = items.length >> 1;
    await publishAround(publish, items.slice(0, half), putAside);
    await publishAround(publish, items.slice(half), putAside);
  }
}

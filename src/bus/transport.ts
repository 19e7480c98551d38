/** A message as it is carried, in bytes. */
export type BusMessage = Readonly<{
  /** Name of the topic on the broker. */
  topic: string;
  /** Messages with one key keep their order. */
  key: string;
  value: Uint8Array;
  headers: Readonly<Record<string, string>>;
  /** Where a broker keeps the message; absent before it has one and on the in-process bus. */
  origin?: Readonly<{ partition: number; offset: bigint }>;
}>;

export type Membership = Readonly<{
  topic: string;
  /** Each group sees every message once; the members of a group share them. */
  group: string;
  /** What metrics and the log call the group, where its own name is another one in each process. */
  name?: string;
  /** Most messages handed over at once. */
  maxBatch: number;
  /** Longest wait for a batch to fill, milliseconds. */
  maxWaitMs: number;
  /**
   * `committed` (default) goes on where the group stopped, a new one at the oldest message; `latest` begins at the next, and
   * `earliest` at the oldest that is kept, each time anew.
   */
  from?: 'committed' | 'latest' | 'earliest';
}>;

/**
 * Handles a batch. What it gives to `later` it cannot read yet: that comes again by itself, also after a restart, while
 * others go on.
 */
export type HandleMessages = (batch: readonly BusMessage[], later: (message: BusMessage) => void) => Promise<void>;

/**
 * Carries bytes below a Bus. `publish` resolves when the messages are safe: in process once every subscribed group has
 * handled them, on a broker once it has acknowledged them. A handler that throws gets the same batch again after a
 * backoff: delivery is at least once and handlers are idempotent.
 */
export interface Transport extends AsyncDisposable {
  readonly kind: 'memory' | 'kafka';
  /** False while the broker does not answer; it is retried meanwhile. */
  readonly works: boolean;
  /**
   * BUS_UNAVAILABLE when the messages were not taken in time, MESSAGE_REFUSED when one of them will never be taken as it is;
   * some may have been taken all the same.
   */
  publish(messages: readonly BusMessage[]): Promise<void>;
  subscribe(member: Membership, handle: HandleMessages): Promise<AsyncDisposable>;
}

/** Which messages of a topic: all, those that the broker took since a moment, those that `wants` picks. */
export type Choice = Readonly<{
  /** Milliseconds since the epoch. */
  since?: number;
  wants?: (message: BusMessage) => boolean;
}>;

/** How far a group has come on one partition: the next message it will handle (undefined for a group that has handled none) and where the partition ends. */
export type Advance = Readonly<{ partition: number; next: bigint | undefined; end: bigint }>;

/** A transport that keeps what was published, so that it can be read again. */
export interface KeepingTransport extends Transport {
  /** What a topic holds now, partition by partition, oldest first. BUS_UNAVAILABLE. */
  readTopic(topic: string, choice?: Choice): Promise<readonly BusMessage[]>;
  /** How far a group has come on each partition of a topic. BUS_UNAVAILABLE. */
  readAdvance(topic: string, group: string): Promise<readonly Advance[]>;
}

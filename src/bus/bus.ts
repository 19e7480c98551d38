export type BusMessage = Readonly<{
  topic: string;
  /** Messages with one key keep their order. */
  key: string;
  value: Uint8Array;
  headers: Readonly<Record<string, string>>;
}>;

export type SubscribeOptions = Readonly<{
  topic: string;
  /** Each group sees every message once; members of a group share them. */
  group: string;
  /** Most messages handed over at once. */
  maxBatch: number;
  /** Longest wait for a batch to fill, milliseconds. */
  maxWaitMs: number;
}>;

/**
 * Where services meet. `publish` resolves when the messages are safe: in process once every subscribed group has
 * handled them, on a broker once it has acknowledged them. A handler that throws gets the same batch again after a
 * backoff: delivery is at least once and handlers are idempotent.
 */
export interface Bus extends AsyncDisposable {
  readonly kind: 'memory' | 'kafka';
  publish(messages: readonly BusMessage[]): Promise<void>;
  subscribe(
    options: SubscribeOptions,
    handle: (batch: readonly BusMessage[]) => Promise<void>,
  ): Promise<AsyncDisposable>;
}

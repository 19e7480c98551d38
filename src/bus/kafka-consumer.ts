import type { Log } from '../base/log.ts';
import { backoffDelay, pause } from '../base/retry.ts';
import {
  CLOSE_GRACE_MS,
  describeKafkaError,
  isRebalance,
  type KafkaConsumer,
  type KafkaMessage,
  type KafkaStream,
  openStream,
  within,
} from './kafka-client.ts';
import type { KafkaHealth } from './kafka-health.ts';
import { watchLag } from './kafka-lag.ts';
import { Progress } from './kafka-progress.ts';
import { decodeText } from './kafka-text.ts';
import type { BusMetrics } from './metrics.ts';
import type { BusMessage, HandleMessages, Membership } from './transport.ts';

const REDELIVERY = { firstMs: 100, maxMs: 5000, factor: 2 };
const REOPENING = { firstMs: 250, maxMs: 10_000, factor: 2 };

export type ConsumerOptions = Readonly<{
  subscription: Membership;
  handle: HandleMessages;
  /** Resolves when there is a topic to consume from; retried like everything else. */
  prepare: () => Promise<void>;
  createConsumer: () => KafkaConsumer;
  health: KafkaHealth;
  metrics: BusMetrics;
  log: Log;
}>;

/**
 * One member of a consumer group. It reads, hands over, and commits only what was handled. Whatever breaks is reopened
 * until the member is closed; uncommitted messages come again.
 */
export class KafkaMember implements AsyncDisposable {
  readonly #options: ConsumerOptions;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Lets the current batch finish and commits it; a batch whose handler fails is left to the next member. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#running;
    const { health, metrics } = this.#options;
    metrics.lag.remove(this.#labels);
    metrics.parked.remove(this.#labels);
    health.forget();
  }

  get #labels() {
    const { topic, group, name = group } = this.#options.subscription;
    return { topic, group: name };
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted; failures++) {
      const begun = performance.now();
      try {
        await this.#unlessClosing(this.#options.prepare());
        if (!signal.aborted) await this.#consume();
      } catch (error) {
        if (signal.aborted) return;
        this.#options.health.noteFailed(error);
      }
      if (performance.now() - begun > 60_000) failures = 0;
      await pause(backoffDelay(REOPENING, failures), signal);
    }
  }

  /**
   * Runs one consumer until it breaks or closes. The stream is closed before the consumer, so pending reads end at
   * once.
   */
  async #consume(): Promise<void> {
    const { subscription, createConsumer } = this.#options;
    await using consumer = createConsumer();
    this.#watch(consumer);
    let stream: KafkaStream | undefined;
    const ended = new AbortController();
    try {
      const { topic, from = 'committed' } = subscription;
      stream = await this.#unlessClosing(openStream(consumer, topic, from));
      if (stream && from === 'committed') this.#showLag(consumer, ended.signal);
      if (stream) await this.#deliver(consumer, stream);
    } finally {
      ended.abort();
      await within(CLOSE_GRACE_MS, stream?.close());
    }
  }

  #showLag(consumer: KafkaConsumer, signal: AbortSignal): void {
    const { metrics, subscription } = this.#options;
    const { topic } = subscription;
    const show = (messages: number) => metrics.lag.set(this.#labels, messages);
    // Never rejects.
    void watchLag({ consumer, topic, show, signal });
  }

  #watch(consumer: KafkaConsumer): void {
    const { health } = this.#options;
    consumer.on('consumer:heartbeat:end', () => health.noteWorking());
    consumer.on('consumer:group:join', () => health.noteWorking());
    consumer.on('consumer:heartbeat:error', ({ error }) => health.noteFailed(error));
  }

  async #deliver(consumer: KafkaConsumer, stream: KafkaStream): Promise<void> {
    const { maxBatch, maxWaitMs, from = 'committed' } = this.#options.subscription;
    const reader = new StreamReader(stream, this.#closing.signal);
    const progress = new Progress();
    while (!this.#closing.signal.aborted) {
      const batch = await reader.take(maxBatch, maxWaitMs, progress.idleMs);
      const parked = progress.parked;
      for (const messages of [progress.takeDue(), batch.map(fromKafka)]) {
        if (messages.length > 0 && !(await this.#handle(messages, progress))) return;
      }
      progress.noteHandled(batch);
      this.#showParked(progress.parked, parked);
      if (from === 'committed') await this.#commit(consumer, progress);
    }
  }

  #showParked(now: number, before: number): void {
    const { metrics, log } = this.#options;
    const { topic, group } = this.#labels;
    if (now > 0 || before > 0) metrics.parked.set({ topic, group }, now);
    if (now > 0 && before === 0) {
      log.warn({ group: `${topic}/${group}` }, 'messages of an unknown schema wait for the registry; others go on');
    }
    if (now === 0 && before > 0) log.info({ messages: before }, 'messages that waited for the registry are handled');
  }

  /** Whether the batch was handled; false when the member closes before that. */
  async #handle(batch: readonly BusMessage[], progress: Progress): Promise<boolean> {
    const { handle, log, subscription } = this.#options;
    const group = `${subscription.topic}/${subscription.group}`;
    for (let attempt = 0; ; attempt++) {
      try {
        await handle(batch, (message) => progress.park(message));
        return true;
      } catch (error) {
        log.warn({ group, attempt, err: error }, 'a batch is not handled and comes again');
        await pause(backoffDelay(REDELIVERY, attempt), this.#closing.signal);
        if (this.#closing.signal.aborted) return false;
      }
    }
  }

  /**
   * Commits only partitions that are still ours: the member that has another partition by now handles and commits it
   * again.
   */
  async #commit(consumer: KafkaConsumer, progress: Progress): Promise<void> {
    const { topic } = this.#options.subscription;
    const commits = progress.listCommits(new Set(consumer.assignments?.flatMap(({ partitions }) => partitions)));
    if (commits.length === 0) return;
    try {
      const offsets = commits.map((one) => ({ topic, ...one, leaderEpoch: -1 }));
      await this.#unlessClosing(consumer.commit({ offsets }));
      progress.noteCommitted(commits);
    } catch (error) {
      if (!isRebalance(error)) throw error;
      this.#options.log.debug(
        { error: describeKafkaError(error) },
        'a commit comes after the partitions are reassigned',
      );
    }
  }

  /** The result of `work`, or undefined once the member is closing and the grace period has passed. */
  async #unlessClosing<T>(work: Promise<T>): Promise<T | undefined> {
    const { signal } = this.#closing;
    const { promise: closed, resolve } = Promise.withResolvers<undefined>();
    const giveUp = () => setTimeout(resolve, CLOSE_GRACE_MS, undefined);
    let timer: NodeJS.Timeout | undefined;
    const begin = () => {
      timer = giveUp();
    };
    if (signal.aborted) begin();
    else signal.addEventListener('abort', begin, { once: true });
    try {
      return await Promise.race([work, closed]);
    } finally {
      signal.removeEventListener('abort', begin);
      clearTimeout(timer);
    }
  }
}

/** Takes messages off a stream in batches, without waiting for each one. */
class StreamReader {
  readonly #stream: KafkaStream;
  readonly #signal: AbortSignal;
  #failure: Error | undefined;
  #wake = Promise.withResolvers<void>();

  constructor(stream: KafkaStream, signal: AbortSignal) {
    this.#stream = stream;
    this.#signal = signal;
    const wake = () => this.#wake.resolve();
    stream.on('readable', wake);
    signal.addEventListener('abort', wake, { once: true });
    stream.on('error', (error) => {
      this.#failure = error;
      wake();
    });
    stream.on('close', () => {
      this.#failure ??= new Error('the stream of messages ended');
      wake();
    });
  }

  /**
   * At least one message unless the member is closing or none came for `idleMs`; waits `maxWaitMs` for more. Rejects when the
   * stream has failed.
   */
  async take(most: number, maxWaitMs: number, idleMs: number): Promise<readonly KafkaMessage[]> {
    const taken: KafkaMessage[] = [];
    let deadline = performance.now() + idleMs;
    while (!this.#signal.aborted) {
      this.#wake = Promise.withResolvers<void>();
      this.#readInto(taken, most);
      if (taken.length > 0) deadline = Math.min(deadline, performance.now() + maxWaitMs);
      const rest = deadline - performance.now();
      if (taken.length >= most || rest <= 0) return taken;
      if (this.#failure) throw this.#failure;
      await this.#wait(rest);
    }
    return taken;
  }

  #readInto(taken: KafkaMessage[], most: number): void {
    while (taken.length < most) {
      const message: KafkaMessage | null = this.#stream.read();
      if (message === null) return;
      taken.push(message);
    }
  }

  async #wait(ms: number): Promise<void> {
    if (ms === Number.POSITIVE_INFINITY) return this.#wake.promise;
    const over = new AbortController();
    await Promise.race([this.#wake.promise, pause(ms, over.signal)]);
    over.abort();
  }
}

/** Converts a message of the broker to one of the bus. */
export function fromKafka({ topic, key, value, headerEntries, partition, offset }: KafkaMessage): BusMessage {
  return {
    topic,
    key: decodeText(key),
    value: value ?? new Uint8Array(),
    headers: Object.fromEntries(headerEntries.map(([name, text]) => [decodeText(name), decodeText(text)])),
    origin: { partition, offset },
  };
}

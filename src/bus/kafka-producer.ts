import { AlprError } from '../base/errors.ts';
import type { BusMessage } from './bus.ts';
import { describeKafkaError, isAnswer, type KafkaProducer } from './kafka-client.ts';
import type { KafkaHealth } from './kafka-health.ts';

/** Bytes sent at once; brokers refuse batches above about 1 MB. */
const MAX_SEND_BYTES = 800_000;

/** Live pictures that may wait; more are dropped. */
const MAX_OFFERS = 32;

export type SenderOptions = Readonly<{
  createProducer: () => KafkaProducer;
  timeoutMs: number;
  health: KafkaHealth;
}>;

/**
 * Sends messages in the order in which it was asked, each within a time of its own. When that has passed the producer is
 * given up with all it holds, so that nothing is sent behind our back later than what we try next.
 */
export class KafkaSender implements AsyncDisposable {
  readonly #options: SenderOptions;
  #producer: KafkaProducer | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Resolves once the broker has all messages; BUS_UNAVAILABLE when it may lack some. */
  send(messages: readonly BusMessage[]): Promise<void> {
    this.#waiting++;
    const sending = this.#last
      .then(() => this.#sendAll(messages))
      .finally(() => {
        this.#waiting--;
      });
    this.#last = sending.catch(() => undefined);
    return sending;
  }

  /** Sends what nobody misses: dropped while others wait, or when the broker does not take it, which the health shows. */
  async offer(messages: readonly BusMessage[]): Promise<void> {
    if (this.#waiting >= MAX_OFFERS) return;
    // The health knows already.
    await this.send(messages).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#giveUp();
  }

  /** Parts go one after the other: one that came before a lost one would break the order when all is sent again. */
  async #sendAll(messages: readonly BusMessage[]): Promise<void> {
    for (const part of splitBySize(messages)) await this.#sendPart(part);
  }

  /** What the broker finds too large together it may take in halves; a single message that is too large stays refused. */
  async #sendPart(messages: readonly BusMessage[]): Promise<void> {
    try {
      await this.#sendOnce(messages);
      this.#options.health.noteWorking();
    } catch (cause) {
      if (messages.length > 1 && isAnswer(cause, 'MESSAGE_TOO_LARGE')) {
        await this.#sendPart(messages.slice(0, messages.length >> 1));
        return this.#sendPart(messages.slice(messages.length >> 1));
      }
      this.#options.health.noteFailed(cause);
      await this.#giveUp();
      throw new AlprError('BUS_UNAVAILABLE', `The broker did not take messages: ${describeKafkaError(cause)}`, {
        cause,
      });
    }
  }

  async #sendOnce(messages: readonly BusMessage[]): Promise<void> {
    const { timeoutMs, createProducer } = this.#options;
    if (this.#closed) throw new Error('the bus is closed');
    this.#producer ??= createProducer();
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`no acknowledgement within ${timeoutMs} ms`)), timeoutMs);
    try {
      await Promise.race([this.#producer.send({ messages: messages.map(toKafka) }), tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** How a producer that nobody uses any more ends does not matter. */
  async #giveUp(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.close(true).catch(() => undefined);
  }
}

function splitBySize(messages: readonly BusMessage[]): readonly BusMessage[][] {
  const parts: BusMessage[][] = [];
  let bytes = 0;
  for (const message of messages) {
    bytes += message.value.length + message.key.length;
    if (parts.length === 0 || bytes > MAX_SEND_BYTES) {
      parts.push([]);
      bytes = message.value.length + message.key.length;
    }
    parts.at(-1)?.push(message);
  }
  return parts;
}

function toKafka({ topic, key, value, headers }: BusMessage) {
  return {
    topic,
    key: Buffer.from(key),
    value: Buffer.from(value.buffer, value.byteOffset, value.length),
    headers: new Map(Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
  };
}

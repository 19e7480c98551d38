import { AlprError } from '../base/errors.ts';
import { describeKafkaError, isRefusal, type KafkaProducer } from './kafka-client.ts';
import type { KafkaHealth } from './kafka-health.ts';
import { encodeText } from './kafka-text.ts';
import type { BusMessage } from './transport.ts';

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
 * Sends messages in the order of the calls, each with a time limit. When the limit passes, the producer is replaced
 * with everything it holds, so that nothing old is sent after a newer attempt.
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

  /**
   * Resolves once the broker has all messages; BUS_UNAVAILABLE when it may lack some, MESSAGE_REFUSED when it will
   * never take one of them.
   */
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

  /**
   * Sends messages that may be lost: they are dropped while others wait, or when the broker does not take them; the
   * health shows that.
   */
  async offer(messages: readonly BusMessage[]): Promise<void> {
    if (this.#waiting >= MAX_OFFERS) return;
    // The health has recorded it.
    await this.send(messages).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#giveUp();
  }

  /**
   * Parts go one after the other: a part that arrived before a lost one would break the order when all are sent again.
   */
  async #sendAll(messages: readonly BusMessage[]): Promise<void> {
    for (const part of splitBySize(messages)) await this.#sendPart(part);
  }

  /** What the broker refuses as a whole, for its size or for one message in it, it may accept in halves. */
  async #sendPart(messages: readonly BusMessage[]): Promise<void> {
    try {
      await this.#sendOnce(messages);
      this.#options.health.noteWorking();
    } catch (cause) {
      if (isRefusal(cause)) {
        this.#options.health.noteWorking();
        const [first] = messages;
        if (first !== undefined && messages.length === 1) throw describeRefusal(first, cause);
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

  /** Closes a producer that is no longer used. */
  async #giveUp(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.[Symbol.asyncDispose]();
  }
}

function describeRefusal({ topic, key, value }: BusMessage, cause: unknown): AlprError {
  const why = describeKafkaError(cause);
  const expected = `Expected the broker to take a message of ${value.length} bytes of ${key} on ${topic}, but it never will: ${why}`;
  return new AlprError('MESSAGE_REFUSED', expected, { cause });
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
    key: encodeText(key),
    value: Buffer.from(value.buffer, value.byteOffset, value.length),
    headers: new Map(Object.entries(headers).map(([name, text]) => [encodeText(name), encodeText(text)])),
  };
}

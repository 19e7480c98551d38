import { AlprError } from '../base/errors.ts';
import type { TopicCodec } from './topic-codecs.ts';
import type { BusMessage } from './transport.ts';

/** How contents of a topic become messages of a transport and back. */
export interface Envelope {
  seal<T>(codec: TopicCodec<T>, topic: string, content: T, headers?: BusMessage['headers']): BusMessage;
  /** Learns what it takes to open these; resolves to those that cannot be opened yet. */
  learn<T>(codec: TopicCodec<T>, messages: readonly BusMessage[]): Promise<readonly BusMessage[]>;
  /** An AlprError says what is wrong with the message. */
  open<T>(codec: TopicCodec<T>, message: BusMessage): T;
}

/**
 * For a transport that leaves the process. What does not fit the format of the wire goes out as JSON, so that its receiver puts
 * it among the dead letters.
 */
export const WIRE: Envelope = {
  seal(codec, topic, content, headers) {
    try {
      const body = codec.encode(content);
      const message = { topic, key: codec.keyOf(content), ...body };
      return headers === undefined ? message : { ...message, headers: { ...body.headers, ...headers } };
    } catch (error) {
      if (!(error instanceof AlprError) || error.code !== 'EVENT_INVALID') throw error;
      return { topic, key: codec.keyOf(content), value: Buffer.from(JSON.stringify(content)), headers: {} };
    }
  },
  learn: (codec, messages) => codec.learn(messages),
  open: (codec, message) => codec.decode(message),
};

/** For a transport within the process: contents are handed over as they are, checked once, and become bytes only where asked. */
export const IN_PROCESS: Envelope = {
  seal: (codec, topic, content, headers) => new InProcessMessage(codec, topic, content, headers),
  learn: (codec, messages) => codec.learn(messages.filter((message) => !InProcessMessage.is(codec, message))),
  open: (codec, message) => (InProcessMessage.is(codec, message) ? message.take() : codec.decode(message)),
};

const NO_HEADERS = {};

class InProcessMessage<T> implements BusMessage {
  readonly topic: string;
  readonly key: string;
  readonly headers: BusMessage['headers'];
  readonly #codec: TopicCodec<T>;
  readonly #content: T;
  #fault: AlprError | undefined;
  #isChecked = false;

  constructor(codec: TopicCodec<T>, topic: string, content: T, headers: BusMessage['headers'] = NO_HEADERS) {
    this.topic = topic;
    this.headers = headers;
    this.key = codec.keyOf(content);
    this.#codec = codec;
    this.#content = content;
  }

  static is<T>(codec: TopicCodec<T>, message: BusMessage): message is InProcessMessage<T> {
    return message instanceof InProcessMessage && message.#codec === codec;
  }

  get value(): Uint8Array {
    return this.#codec.encode(this.#content).value;
  }

  take(): T {
    // Not before it is asked for: a subscriber that writes what it has read goes on meanwhile.
    if (!this.#isChecked) this.#fault = this.#codec.findFault?.(this.#content);
    this.#isChecked = true;
    if (this.#fault) throw this.#fault;
    return this.#content;
  }
}

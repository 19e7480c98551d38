import { randomUUID } from 'node:crypto';
import { AlprError, messageOf } from '../base/errors.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Topic, TopicContent, Topics } from '../contract/topics.ts';
import { NO_TRACING, type Tracing } from '../telemetry/tracing/tracing.ts';
import { type Arrival, type Bus, Raw, type Subscription, Undecodable } from './bus.ts';
import type { Envelope } from './envelopes.ts';
import type { TopicCodec, TopicCodecs } from './topic-codecs.ts';
import type { BusMessage, Transport } from './transport.ts';

/** A Bus over a transport, which it closes. */
export function createBus(options: BusParts): Bus {
  return new EnvelopeBus(options);
}

type BusParts = Readonly<{
  transport: Transport;
  topics: Topics;
  codecs: TopicCodecs;
  envelope: Envelope;
  tracing?: Tracing | undefined;
  /** The only site that may write to a topic of events, if it belongs to a site. */
  siteOf?: (topic: string) => string | undefined;
}>;

class EnvelopeBus implements Bus {
  readonly topics: Topics;
  readonly #transport: Transport;
  readonly #codecs: TopicCodecs;
  readonly #envelope: Envelope;
  readonly #tracing: Tracing;
  readonly #siteOf: (topic: string) => string | undefined;

  constructor({ transport, topics, codecs, envelope, tracing = NO_TRACING, siteOf = () => undefined }: BusParts) {
    this.#transport = transport;
    this.topics = topics;
    this.#codecs = codecs;
    this.#envelope = envelope;
    this.#tracing = tracing;
    this.#siteOf = siteOf;
  }

  get kind(): string {
    return this.#transport.kind;
  }

  get works(): boolean {
    return this.#transport.works;
  }

  async publish<T extends Topic>(topic: T, contents: readonly (TopicContent[T] | Raw)[]): Promise<void> {
    const codec: TopicCodec<TopicContent[T]> = this.#codecs[topic];
    const name = this.topics[topic];
    if (contents.some((content) => !(content instanceof Raw))) await codec.prepare();
    await this.#transport.publish(
      contents.map((content) =>
        content instanceof Raw
          ? { topic: name, ...content }
          : this.#envelope.seal(codec, name, content, this.#headersOf(topic, content)),
      ),
    );
  }

  subscribe<T extends Topic>(
    { topic, group, isOnlooker = false, fromStart = false, maxBatch, maxWaitMs }: Subscription<T>,
    handle: (batch: readonly Arrival<TopicContent[T]>[]) => Promise<void>,
  ): Promise<AsyncDisposable> {
    const codec: TopicCodec<TopicContent[T]> = this.#codecs[topic];
    const own = isOnlooker
      ? ({ group: `${group}-${randomUUID()}`, name: group, from: fromStart ? 'earliest' : 'latest' } as const)
      : { group };
    return this.#transport.subscribe(
      { topic: this.topics[topic], maxBatch, maxWaitMs, ...own },
      async (batch, later) => {
        const unread = new Set(await this.#envelope.learn(codec, batch));
        unread.forEach(later);
        const arrivals = batch.filter((message) => !unread.has(message));
        if (arrivals.length === 0) return;
        await handle(arrivals.map((message) => ({ message, read: () => this.#read(codec, message) })));
      },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport[Symbol.asyncDispose]();
  }

  /** The trace that a message about an event belongs to. */
  #headersOf<T extends Topic>(topic: T, content: TopicContent[T]): BusMessage['headers'] | undefined {
    if (!this.#tracing.isOn || topic !== 'plates' || !('event_id' in content)) return undefined;
    // What the spool has of a damaged disk may be no event.
    return typeof content.event_id === 'string' ? this.#tracing.headersOf(content.event_id) : undefined;
  }

  #read<T>(codec: TopicCodec<T>, message: BusMessage): T | Undecodable {
    try {
      const content = this.#envelope.open(codec, message);
      requireSite(content, this.#siteOf(message.topic), message.topic);
      return content;
    } catch (cause) {
      // Whatever it is, it will be the same the next time, and must not hold up what comes after it.
      if (cause instanceof AlprError) return new Undecodable(cause, message);
      const fault = `Expected what ${message.topic} carries; decoding it failed: ${messageOf(cause)}`;
      return new Undecodable(new AlprError('EVENT_INVALID', fault, { cause }), message);
    }
  }
}

/** Whoever may write to a site's topic may write events of that site only. */
function requireSite(content: unknown, site: string | undefined, topic: string): void {
  if (site === undefined) return;
  const { site_id: named } = content as Partial<PlateEvent>;
  if (named === site) return;
  throw new AlprError('EVENT_INVALID', `Expected events of the site ${site} on ${topic}, got one of "${named}"`);
}

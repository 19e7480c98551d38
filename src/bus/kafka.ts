import { randomUUID } from 'node:crypto';
import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import type { BusMessage, KeepingBus } from './bus.ts';
import type { KafkaConfig } from './config.ts';
import {
  createAccess,
  createCarelessProducer,
  createConsumer,
  createProducer,
  describeKafkaError,
  type KafkaAccess,
} from './kafka-client.ts';
import { KafkaMember } from './kafka-consumer.ts';
import { KafkaHealth } from './kafka-health.ts';
import { KafkaSender } from './kafka-producer.ts';
import { readWholeTopic } from './kafka-reader.ts';
import { ensureTopics } from './kafka-topics.ts';

/** How long a live picture may take, milliseconds. */
const LIVE_TIMEOUT_MS = 3000;

export type KafkaBusOptions = Readonly<{ config: KafkaConfig; log: Log; metrics?: Metrics | undefined }>;

/**
 * The bus on Kafka. Opens without a broker: what is published meanwhile is refused with BUS_UNAVAILABLE after its time,
 * and subscriptions begin when the broker is there. CONFIG_INVALID for certificates that cannot be read.
 */
export async function openKafkaBus(options: KafkaBusOptions): Promise<KeepingBus> {
  const { config, log, metrics } = options;
  const access = await createAccess(config);
  const topics = new TopicCheck(access, config, log);
  await using opened = new AsyncDisposableStack();
  const health = new KafkaHealth({ client: 'producer', log, metrics });
  const sender = opened.use(
    new KafkaSender({
      createProducer: () => createProducer(access, config.compression),
      timeoutMs: config.publish_timeout_ms,
      health,
    }),
  );
  const live = opened.use(
    new KafkaSender({
      createProducer: () => createCarelessProducer(access),
      timeoutMs: LIVE_TIMEOUT_MS,
      health: new KafkaHealth({ client: 'live', log, metrics }),
    }),
  );
  const members = opened.use(new AsyncDisposableStack());
  const closing = opened.move();

  return {
    kind: 'kafka',
    async publish(messages) {
      const [pictures, others] = partition(messages, ({ topic }) => topic === config.topics.live);
      await topics.ensure(others.length > 0 ? health : undefined);
      if (others.length > 0) await sender.send(others);
      if (pictures.length > 0) await live.offer(pictures);
    },
    async subscribe(subscription, handle) {
      const client = `${subscription.topic}/${subscription.group}`;
      return members.use(
        new KafkaMember({
          subscription,
          handle,
          prepare: () => topics.ensure(undefined),
          createConsumer: () => createConsumer(access, subscription.group, Math.max(1024, 2 * subscription.maxBatch)),
          health: new KafkaHealth({ client, log, metrics }),
          log,
        }),
      );
    },
    async readTopic(topic) {
      try {
        await topics.ensure(undefined);
        return await readWholeTopic(createConsumer(access, `reader-${randomUUID()}`, 1024), topic);
      } catch (cause) {
        if (cause instanceof AlprError) throw cause;
        throw new AlprError('BUS_UNAVAILABLE', `Expected to read ${topic}: ${describeKafkaError(cause)}`, { cause });
      }
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** Looks once whether all topics are there, for whoever asks first. */
class TopicCheck {
  readonly #check: () => Promise<void>;
  #checked: Promise<void> | undefined;

  constructor(access: KafkaAccess, config: KafkaConfig, log: Log) {
    this.#check = () => ensureTopics(access, config, log);
  }

  async ensure(health: KafkaHealth | undefined): Promise<void> {
    this.#checked ??= this.#check();
    try {
      await this.#checked;
    } catch (error) {
      this.#checked = undefined;
      health?.noteFailed(error);
      throw error;
    }
  }
}

function partition(
  messages: readonly BusMessage[],
  belongs: (message: BusMessage) => boolean,
): [BusMessage[], BusMessage[]] {
  return [messages.filter(belongs), messages.filter((message) => !belongs(message))];
}
